"""docs/operations.md is read at night: every command, service, metric and variable that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.test import Client

from fmugateway.tests.test_deployment_files import COMPOSE, FLY
from fmugateway.tests.test_settings import listed

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/operations.md").read_text()
DOCUMENTS = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
APPS = ("accounts", "billing", "simulations", "fmugateway")
# Hints and messages tell commands, too.
CODE = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "tests" not in path.parts]


def commands() -> list[tuple[str, str]]:
    """`manage.py NAME OPTIONS...` in documents, hints and messages: (name, its options)."""
    texts = [path.read_text() for path in (*DOCUMENTS, *CODE)]
    found = [pair for text in texts for pair in re.findall(r"manage\.py ([a-z_]+)([^`\n|]*)", text)]
    return sorted({(name, " ".join(re.findall(r"--[a-z-]+", rest))) for name, rest in found})


@pytest.mark.parametrize(("name", "options"), commands())
def test_every_command_that_is_told_exists(name: str, options: str) -> None:
    app = get_commands()[name]
    parser = load_command_class(str(app), name).create_parser("manage.py", name)
    assert set(options.split()) <= set(parser._option_string_actions)


def test_every_make_target_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {target for document in DOCUMENTS for target in re.findall(r"`make ([a-z-]+)", document.read_text())}
    assert told <= targets
    assert len(told) > 4


def test_every_service_of_docker_that_is_told_exists() -> None:
    told = re.findall(r"docker compose (?:exec|logs --since \w+|stop|ps|up -d|run --rm) ([a-z][a-z ]+)", RUNBOOK)
    words = {word for line in told for word in line.split()} - {"python", "manage"}
    assert words <= set(COMPOSE["services"])
    assert {"web", "worker", "postgres"} <= words


def test_every_process_of_fly_that_is_told_exists() -> None:
    told = re.findall(r"\b([a-z]+)=\d", " ".join(re.findall(r"fly scale count ([^`\n]*)", RUNBOOK)))
    assert set(told) == set(FLY["processes"])


@pytest.mark.django_db
def test_every_metric_of_an_alert_is_told_to_prometheus(client: Client) -> None:
    told = set(re.findall(r"fmugateway_[a-z_]+", RUNBOOK))
    page = client.get("/metrics").content.decode()
    assert {name for name in told if f"# TYPE {name} " not in page} == set()
    assert len(told) > 5


def test_every_variable_that_is_told_is_one_of_ours() -> None:
    told = set(re.findall(r"\b([A-Z]+(?:_[A-Z0-9]+)+)=?", RUNBOOK)) - {"AWS_", "MINIO_PASSWORD"}
    assert told <= set(listed())
