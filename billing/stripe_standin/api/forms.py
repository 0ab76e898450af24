"""Decode Stripe's nested form fields: `line_items[0][price]=price_1`."""

import re
from typing import Any
from urllib.parse import parse_qsl

_KEY_PARTS = re.compile(r"[^\[\]]+|\[\]")


def decode(*texts: str) -> dict[str, Any]:
    """Query strings and bodies to nested dicts and lists; every leaf is a string."""
    root: dict[str, Any] = {}
    for text in texts:
        for key, value in parse_qsl(text, keep_blank_values=True):
            _place(root, _KEY_PARTS.findall(key), value)
    return {key: _with_lists(value) for key, value in root.items()}


def _place(node: dict[str, Any], parts: list[str], value: str) -> None:
    *path, last = [part if part != "[]" else None for part in parts]
    for part in path:
        child = node.setdefault(part or str(len(node)), {})
        node = child if isinstance(child, dict) else {}
    node[last or str(len(node))] = value


def _with_lists(node: Any) -> Any:
    """Dicts whose keys are all numbers were lists."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_with_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _with_lists(value) for key, value in node.items()}
