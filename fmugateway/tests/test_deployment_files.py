"""Dockerfile, compose.yaml and fly.toml: what they name exists, and the image's steps work on the files it gets."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.test import RequestFactory
from pytest_django import Settings

from accounts.addresses import address_of
from fmugateway import gunicorn_config
from fmugateway.middleware import PROBES
from fmugateway.tests.test_settings import listed

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
FLY: dict[str, Any] = tomllib.loads((ROOT / "fly.toml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "fmu-gateway"}
PORT = 8000
# Python's own and pip's, in the image.
PYTHONS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"}

# Fly's reference, section by section; "" is the top.
FLY_FIELDS = {
    "": {"app", "primary_region", "kill_signal", "kill_timeout", "env", "processes"},
    "build": {"dockerfile", "build-target", "args"},
    "deploy": {"release_command", "release_command_timeout", "release_command_vm", "strategy", "wait_timeout"},
    "http_service": {
        *("processes", "internal_port", "force_https", "auto_stop_machines", "auto_start_machines"),
        *("min_machines_running", "concurrency", "checks"),
    },
    "metrics": {"processes", "port", "path"},
    "mounts": {"processes", "source", "destination", "initial_size"},
    "restart": {"processes", "policy", "retries"},
    "vm": {"processes", "size", "memory"},
}


def image_commands() -> list[tuple[str, list[str]]]:
    """Every command that starts a process of ours, as words."""
    compose = [(f"compose {name}", service["command"]) for name, service in OURS.items() if "command" in service]
    fly = [(f"fly {name}", shlex.split(command)) for name, command in FLY["processes"].items()]
    release = ("fly release", shlex.split(FLY["deploy"]["release_command"]))
    return [("Dockerfile", json.loads(instruction("CMD"))), *compose, *fly, release]


def instruction(name: str) -> str:
    """What follows the last `name` of the Dockerfile."""
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)[-1]  # type: ignore[no-any-return]


def variables_of_the_site() -> set[str]:
    return {name for service in OURS.values() for name in service["environment"]} | set(FLY["env"])


def run(*words: str, **options: Any) -> str:
    """What our interpreter prints."""
    return str(subprocess.check_output([sys.executable, *words], text=True, timeout=240, **options))


@pytest.mark.parametrize(("place", "words"), image_commands())
def test_every_process_can_be_started(place: str, words: list[str]) -> None:
    if words[0] == "gunicorn":
        run("-m", "gunicorn", "--check-config", *words[1:], cwd=ROOT)
        return
    assert words[:2] == ["python", "manage.py"]
    assert get_commands()[words[2]] in {"fmugateway", "simulations", "billing"}
    help_text = run(*words[1:3], "--help", cwd=ROOT)
    assert all(word in help_text for word in words[3:] if word.startswith("--"))


@pytest.mark.parametrize("name", sorted(variables_of_the_site()))
def test_every_variable_is_one_that_the_site_reads(name: str) -> None:
    assert name in listed()


def test_the_images_own_variables_are_read() -> None:
    blocks = re.findall(r"^ENV ((?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)
    names = {name for block in blocks for name in re.findall(r"([A-Z_0-9]+)=", block)}
    assert names <= set(listed()) | PYTHONS


def test_secrets_that_fly_needs_are_variables_of_the_site() -> None:
    head = (ROOT / "fly.toml").read_text().split("app =")[0]
    named = set(re.findall(r"\b[A-Z]{3,}[A-Z_]*_[A-Z]+\b", head)) - {"AWS_"}
    assert named <= set(listed())
    assert {"SECRET_KEY", "DATABASE_URL", "TASKS_BROKER_URL", "STRIPE_SECRET_KEY"} <= named


def test_every_port_is_the_one_that_gunicorn_listens_on() -> None:
    compose = COMPOSE["services"]["web"]["ports"][0].split(":")[-1]
    fly = [FLY["http_service"]["internal_port"], FLY["metrics"]["port"]]
    assert {int(port) for port in (compose, instruction("EXPOSE"), FLY["env"]["PORT"], *fly)} == {PORT}
    assert f"PORT={PORT}" in DOCKERFILE


def test_every_probed_path_is_answered() -> None:
    checks = [*FLY["http_service"]["checks"], FLY["metrics"]]
    paths = [check["path"] for check in checks] + re.findall(r"(/\w+)', timeout", DOCKERFILE)
    assert len(paths) == 3
    assert set(paths) <= set(PROBES)


@pytest.mark.parametrize("section", ["vm", "restart"])
def test_every_process_of_fly_has_a_machine_that_is_started_again(section: str) -> None:
    named = [name for entry in FLY[section] for name in entry["processes"]]
    assert sorted(named) == sorted(FLY["processes"])


def test_fly_knows_every_field() -> None:
    """It ignores what it does not know, such as a misspelt one."""
    for section, known in FLY_FIELDS.items():
        found = FLY if section == "" else FLY[section]
        for entry in found if isinstance(found, list) else [found]:
            assert set(entry) <= known | (set(FLY_FIELDS) if section == "" else set()), section


def test_a_deployment_never_waits_for_workers() -> None:
    """Fly waits for all checks; the deployment that repairs the workers would wait for itself."""
    assert "checks" not in FLY
    assert {check["path"] for check in FLY["http_service"]["checks"]} == {"/healthz"}


def test_fly_sends_a_web_machine_no_more_requests_than_it_has_threads() -> None:
    cores = next(int(vm["size"][-2]) for vm in FLY["vm"] if "web" in vm["processes"])
    threads = cores * gunicorn_config.threads
    assert threads * 9 // 10 < FLY["http_service"]["concurrency"]["hard_limit"] < threads


def test_workers_of_fly_have_a_disk_for_their_cache() -> None:
    mount = FLY["mounts"][0]
    assert set(mount["processes"]) == {"worker", "intake"}
    assert f"DATA_DIR={mount['destination']} " in DOCKERFILE
    assert int(mount["initial_size"].removesuffix("gb")) * 10**9 > int(listed()["FMU_CACHE_BYTES"])


def test_everybody_has_the_time_to_stop_in_order() -> None:
    slowest = gunicorn_config.graceful_timeout
    assert int(FLY["kill_timeout"].removesuffix("s")) > slowest
    assert all(int(service["stop_grace_period"].removesuffix("s")) > slowest for service in OURS.values())


def test_services_depend_on_services_and_mount_declared_volumes() -> None:
    services = COMPOSE["services"]
    assert {needed for service in services.values() for needed in service.get("depends_on", {})} <= set(services)
    mounted = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"])


def test_urls_of_compose_name_its_services() -> None:
    urls = [value for service in OURS.values() for value in service["environment"].values() if "://" in str(value)]
    hosts = {re.sub(r".*://(?:[^@/]*@)?([^:/]+).*", r"\1", url) for url in urls if not url.startswith("${")}
    assert hosts == {"postgres", "redis", "minio"}


def test_the_cages_privileges_go_only_to_those_who_run_fmus() -> None:
    services = COMPOSE["services"].items()
    lifted = {name for name, service in services if "seccomp=unconfined" in service.get("security_opt", [])}
    assert lifted == {"worker", "intake", "release"}


def test_no_container_can_gain_privileges_or_change_its_image() -> None:
    for service in OURS.values():
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert service["read_only"]


def test_only_this_host_reaches_the_site_past_its_proxy() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert published == [f"127.0.0.1:{PORT}:{PORT}"]


def test_the_image_has_what_set_up_installs() -> None:
    """scripts/setup.sh knows what the cage, the compiler and older FMUs need."""
    setup = re.findall(r"^packages=\((.*)\)$", (ROOT / "scripts/setup.sh").read_text(), re.MULTILINE)[0].split()
    final_stage = DOCKERFILE.split("FROM ")[-1]
    assert [package for package in setup if package not in final_stage.split()] == []


@pytest.mark.parametrize(("program", "package"), [("pg_dump", "postgresql-client"), ("tini", "tini")])
def test_the_image_has_the_programs_that_are_started(program: str, package: str) -> None:
    named = (ROOT / "fmugateway/backups.py").read_text() + instruction("ENTRYPOINT")
    assert f'"{program}"' in named
    assert package in DOCKERFILE.split("FROM ")[-1].split()


def test_nothing_runs_as_root() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["1000"]
    assert not any("user" in service for service in OURS.values())


def test_the_linter_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    subprocess.run([hadolint, "--failure-threshold", "warning", ROOT / "Dockerfile"], check=True)


def test_the_images_files_are_enough_to_build_and_check_the_site(tmp_path: Path) -> None:
    """The build's own steps on exactly the files that .dockerignore lets through."""
    context = tmp_path / "app"
    for name in context_files():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, context / name)
    variables = {"PATH": os.environ["PATH"], "SECRET_KEY": "build", "STRIPE_ENABLED": "0"}
    folders = {"DATA_DIR": str(tmp_path / "data"), "STATIC_ROOT": str(tmp_path / "static")}
    for words in (["collectstatic", "--noinput"], ["check"]):
        run("manage.py", *words, cwd=context, env=variables | folders)
    assert (tmp_path / "static" / "staticfiles.json").exists()


def context_files() -> list[str]:
    """The project's files that .dockerignore lets into the image: `!` brings in, `**/` takes out again."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    wanted = [rule[1:] for rule in rules if rule.startswith("!")]
    dropped = {rule.removeprefix("**/") for rule in rules if rule.startswith("**/")}
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *wanted]
    found = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return [name for name in found if not dropped & set(Path(name).parts)]


def test_strangers_behind_the_proxy_of_fly_are_told_apart(rf: RequestFactory, settings: Settings) -> None:
    """It appends the client's address, then the one of ours that the client asked."""
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": int(FLY["env"]["NUM_PROXIES"])}
    forged, client, ours = "192.0.2.1", "203.0.113.7", "66.241.124.230"
    assert address_of(rf.get("/", headers={"X-Forwarded-For": f"{forged}, {client}, {ours}"})) == client
