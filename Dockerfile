# syntax=docker/dockerfile:1
# Despatch with its weights inside: `make image`. Each RUN line but the user's is a make target that a checkout uses too.

# The full image, for it has make; nothing of it but /opt/despatch goes on.
FROM python:3.11-bookworm AS build
# The index of torch's CPU wheels; empty means the default index.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /src
COPY Makefile pyproject.toml README.md LICENSE ./
COPY requirements requirements
COPY bot bot
COPY config config
RUN make install VENV=/opt/despatch FORM=wheel LOCK=requirements/runtime.txt TORCH_INDEX=${TORCH_INDEX}

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home despatch
COPY --from=build /opt/despatch /opt/despatch
# The archive and the models' converted weights go to the one volume; the rest of the root can be read-only.
ENV PATH=/opt/despatch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data \
    XDG_CACHE_HOME=/data/cache \
    HF_HOME=/data/cache/huggingface \
    DESPATCH_METRICS_HOST=0.0.0.0 \
    DESPATCH_METRICS_PORT=9464
USER despatch
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"DESPATCH_METRICS_PORT\"]}/healthz', timeout=8)"]
ENTRYPOINT ["despatch"]
CMD ["run"]
