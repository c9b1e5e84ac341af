"""What Discord would refuse: its own OpenAPI document over each request, and by hand what that does not catch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

SPEC = Path(__file__).parents[3] / "shared" / "data" / "discord" / "openapi.json"
V2 = 1 << 15


def units(value: str | None) -> int:
    """Characters as Discord counts them: UTF-16 units after trimming."""
    return len((value or "").strip().encode("utf-16-le")) // 2


class Rules:
    """`faults(method, path, body)` says what is wrong with a request; `spec` is None where the document is absent."""

    def __init__(self, spec: Path | None = SPEC) -> None:
        self.spec = spec if spec and spec.is_file() else None

    def faults(self, method: str, path: str, body: Any) -> list[str]:
        """`path` is without /api/v10; `body` is the parsed JSON."""
        found = [] if self.spec is None else _against(self.spec, method.lower(), path, body)
        return found + list(by_hand(method, path, body))


@cache
def _document(spec: Path) -> tuple[Any, list[tuple[re.Pattern[str], str]]]:
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    contents = json.loads(spec.read_text(encoding="utf-8"))
    registry = Registry().with_resource("urn:discord", Resource(contents=contents, specification=DRAFT202012))
    # A template with fewer parameters is the more exact one: /users/@me before /users/{user_id}.
    templates = sorted(contents["paths"], key=lambda template: template.count("{"))
    compiled = [
        (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", re.escape(t).replace(r"\{", "{").replace(r"\}", "}"))), t)
        for t in templates
    ]
    return (contents, registry), compiled


@cache
def _validator(spec: Path, method: str, template: str) -> Any:
    from jsonschema import Draft202012Validator

    (contents, registry), _ = _document(spec)
    operation = contents["paths"][template].get(method)
    if operation is None:
        return None
    if "application/json" not in operation.get("requestBody", {}).get("content", {}):
        return False
    escaped = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    pointer = f"urn:discord#/paths/{escaped}/{method}/requestBody/content/application~1json/schema"
    return Draft202012Validator({"$ref": pointer}, registry=registry)


def _against(spec: Path, method: str, path: str, body: Any) -> list[str]:
    from jsonschema.exceptions import best_match

    _, templates = _document(spec)
    template = next((t for pattern, t in templates if pattern.fullmatch(path)), None)
    validator = _validator(spec, method, template) if template else None
    if validator is None:
        return [f"{method} {path}: Discord has no such route"]
    if validator is False or body is None:
        return []
    worst = best_match(validator.iter_errors(body))
    return [] if worst is None else [f"{method} {path}: {worst.json_path}: {worst.message[:300]}"]


def by_hand(method: str, path: str, body: Any) -> Iterator[str]:
    """The limits and promises that the document does not state."""
    if not isinstance(body, dict):
        return
    message = _message(path, body)
    if message is None:
        return
    where = f"{method} {path}"
    posting = method == "POST"
    if units(message.get("content")) > 2000:
        yield f"{where}: content over 2000 characters"
    embeds = [embed for embed in message.get("embeds") or [] if isinstance(embed, dict)]
    total = 0
    for embed in embeds:
        fields = embed.get("fields") or []
        parts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
        parts += [(embed.get("author") or {}).get("name"), *(f["name"] for f in fields), *(f["value"] for f in fields)]
        total += sum(map(units, parts))
        if units(embed.get("title")) > 256 or units(embed.get("description")) > 4096 or len(fields) > 25:
            yield f"{where}: an embed over its limits"
        if any(units(f["value"]) > 1024 or units(f["name"]) > 256 or not units(f["value"]) for f in fields):
            yield f"{where}: a field over its limits"
        if not any(units(part) for part in parts):
            yield f"{where}: an empty embed"
    if total > 6000 or len(embeds) > 10:
        yield f"{where}: {total} characters over all embeds"
    components = list(_walk(message.get("components") or []))
    custom = [c["custom_id"] for c in components if "custom_id" in c]
    if len(custom) != len(set(custom)):
        yield f"{where}: a custom_id twice"
    v2 = bool(message.get("flags", 0) & V2)
    if v2 and (message.get("content") or embeds):
        yield f"{where}: content or embeds beside Components V2"
    if not v2 and (
        any(c["type"] not in (1, 2, 3, 5, 6, 7, 8) for c in components) or len(message.get("components") or []) > 5
    ):
        yield f"{where}: more than five rows, or V2 components without their flag"
    if posting and not (units(message.get("content")) or embeds or components or message.get("attachments")):
        yield f"{where}: an empty message"
    for each in message.get("attachments") or []:
        if not units(each.get("description")) and posting:
            yield f"{where}: a file without its description"
        if posting and "file" not in each:
            yield f"{where}: an attachment whose file was not sent"
    if message.get("nonce") is not None and (len(str(message["nonce"])) > 25 or not message.get("enforce_nonce")):
        yield f"{where}: a nonce too long, or not enforced"
    if posting and message.get("allowed_mentions", {}).get("parse") != []:
        yield f"{where}: mentions are not off"


def _message(path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    if path.startswith("/interactions/"):
        data = body.get("data")
        return data if body.get("type") in (4, 7) and isinstance(data, dict) else None
    if re.fullmatch(r"/channels/\d+/messages(/\d+)?|/webhooks/\d+/[^/]+(/messages/[^/]+)?", path):
        return body
    return None


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield from _walk([accessory])
