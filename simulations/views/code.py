"""A run as the request that a program would send: curl and Python."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from simulations.models import Simulation

_MOST_SAMPLES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    curl: str
    python: str


def code_of(simulation: Simulation) -> Code:
    """Only what the run did not leave to the defaults; signals that are many come from a file."""
    body = _body(simulation)
    by_file = simulation.inputs is not None and "inputs" not in body
    return Code(
        curl=_curl(body, by_file=by_file, sample=simulation.is_sample),
        python=_python(body, by_file=by_file, sample=simulation.is_sample),
    )


def _body(simulation: Simulation) -> dict[str, Any]:
    asked = {
        name: value
        for name, value in simulation.request.items()
        if name not in simulation.left_open and value not in (None, {}, [])
    }
    body = {"fmu_id": simulation.fmu_public_id, **asked}
    if simulation.inputs and sum(map(len, simulation.inputs.values())) <= _MOST_SAMPLES:
        body["inputs"] = simulation.inputs
    return body


def _curl(body: dict[str, Any], *, by_file: bool, sample: bool) -> str:
    lines = [f"curl {settings.SITE_URL}/simulate"]
    if not sample:
        lines.append('-H "Authorization: Bearer $FMU_TOKEN"')
    if by_file:
        lines += ["-F inputs=@inputs.csv", f"-F request='{_quoted(_json(body, indent=11))}'"]
    else:
        lines.append(f"--json '{_quoted(_json(body, indent=9))}'")
    return " \\\n  ".join(lines)


def _python(body: dict[str, Any], *, by_file: bool, sample: bool) -> str:
    lines = ["import httpx"] if sample else ["import os, httpx"]
    lines += ["", f'run = httpx.post("{settings.SITE_URL}/simulate",']
    if not sample:
        lines.append("""    headers={"Authorization": f"Bearer {os.environ['FMU_TOKEN']}"},""")
    if by_file:
        lines[0] += ", json"
        lines += [
            '    files={"inputs": open("inputs.csv", "rb")},',
            f'    data={{"request": json.dumps({_fields(body)})}},',
        ]
    else:
        lines.append(f"    json={_fields(body)},")
    return "\n".join([*lines, "    timeout=90,", ").json()", 'print(run["status"], run["result"]["columns"])'])


def _json(body: dict[str, Any], *, indent: int) -> str:
    """One line a field, aligned under the first."""
    return (
        "{"
        + f",\n{' ' * indent}".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in body.items())
        + "}"
    )


def _fields(body: dict[str, Any]) -> str:
    """A Python dict, one line a field."""
    return "{\n" + "".join(f"        {_literal(name)}: {_literal(value)},\n" for name, value in body.items()) + "    }"


def _literal(value: Any) -> str:
    """A JSON value as Python writes it, with double quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_literal(name)}: {_literal(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """Inside single quotes of a shell."""
    return text.replace("'", "'\\''")
