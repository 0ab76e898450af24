"""Each difference between deployments is one variable, listed once with its default."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path
from typing import Any, TypeGuard

import pytest

ROOT = Path(__file__).parents[2]
# Read by gunicorn's configuration, by `manage.py serve` and by boto3, and so not in settings.py.
ELSEWHERE = {"WEB_PROCESSES", "WORKERS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
# settings.py only asks whether it was set; the default is gunicorn's.
OTHER_DEFAULT = {"HOST"}
# Named in a loop over the providers.
COMPUTED = {"GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"}
# Nobody sets them but the tests' own environment and gunicorn's configuration.
UNLISTED = {"FMU_TESTING", "WEB_SERVER"}


def asked() -> dict[str, ast.Call]:
    """Every `env.kind("NAME", default=...)` of settings.py."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "fmugateway/settings.py").read_text())) if is_asked(node)]
    return {str(call.args[0].value): call for call in calls if isinstance(call.args[0], ast.Constant)}


def is_asked(node: ast.AST) -> TypeGuard[ast.Call]:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "env"


def listed() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def default_of(call: ast.Call) -> object:
    """The default where it is a constant or arithmetic on constants; None where it depends on something."""
    given = next((word.value for word in call.keywords if word.arg == "default"), None)
    if given is None or any(isinstance(node, ast.Name | ast.Attribute | ast.Call) for node in ast.walk(given)):
        return None
    return eval(compile(ast.Expression(given), "default", "eval"), {})


def test_every_variable_is_listed_and_every_listed_one_is_read() -> None:
    assert set(listed()) == (set(asked()) | ELSEWHERE | COMPUTED) - UNLISTED


@pytest.mark.parametrize("name", sorted(listed()))
def test_the_listed_default_is_the_real_one(name: str) -> None:
    default = default_of(asked()[name]) if name in asked().keys() - OTHER_DEFAULT else None
    if default in (None, []):
        return
    shown = ",".join(default) if isinstance(default, list) else str(default)
    assert listed()[name] == shown


def test_every_listed_variable_stands_in_a_sentence_or_below_its_kin() -> None:
    """A name that explains nothing by itself has a reason above it."""
    bare = [block for block in (ROOT / ".env.example").read_text().split("\n\n") if "=" in block and "# " not in block]
    assert bare == []


def test_celery_carries_the_queue_when_there_is_a_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_with(monkeypatch, TASKS_BROKER_URL="redis://127.0.0.1:1/0")["TASKS"]["default"]["BACKEND"] == (
        "fmugateway.task_backend.CeleryBackend"
    )


def test_files_lie_in_s3_when_there_is_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, BUCKET_NAME="fmus", AWS_ENDPOINT_URL_S3="http://127.0.0.1:1")
    storage = found["STORAGES"]["default"]
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert (storage["OPTIONS"]["bucket_name"], storage["OPTIONS"]["endpoint_url"]) == ("fmus", "http://127.0.0.1:1")


def test_https_switches_on_everything_that_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, SITE_URL="https://fmu.example")
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def settings_with(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    """settings.py read anew with these variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "fmugateway/settings.py"))
