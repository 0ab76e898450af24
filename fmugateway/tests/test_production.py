"""The site under gunicorn with the variables of fly.toml: what it tells browsers, and what check --deploy tells us."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from fmugateway.testing.servers import free_port

ROOT = Path(__file__).parents[2]
FLY: dict[str, str] = tomllib.loads((ROOT / "fly.toml").read_text())["env"]
HOST = FLY["SITE_URL"].removeprefix("https://")
SECRETS = {
    "SECRET_KEY": "a key for this test alone, long enough for every check of Django and PyJWT",
    "STRIPE_SECRET_KEY": "sk_test_" + "0" * 24,
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "METRICS_TOKEN": "0" * 48,
}
ELSEWHERE = {
    "DATABASE_URL": "postgres://user:password@db.example:5432/gateway",
    "TASKS_BROKER_URL": "redis://redis.example:6379/0",
    "CACHE_URL": "redis://redis.example:6379/0",
    "BUCKET_NAME": "files",
    "AWS_ENDPOINT_URL_S3": "https://s3.example",
}
PASSWORD = "plot-the-curve-9"
_PERSON = f"""
from accounts.models import User
user = User.objects.create_user("maya@example.com", "{PASSWORD}")
user.emailaddress_set.create(email=user.email, verified=True, primary=True)
"""
_THEIR_FMU = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from accounts.models import ApiToken, User
from simulations.models import Fmu, FmuHolding
user = User.objects.get(email="maya@example.com")
archive = default_storage.save("fmus/hers.fmu", ContentFile(b"<script>alert(1)</script>"))
fmu = Fmu.objects.create(sha256="a" * 64, size=25, archive=archive)
holding = FmuHolding.objects.create(fmu=fmu, user=user, file_name="<b>.html")
print(holding.public_id, ApiToken.objects.create(user=user)[1])
"""
START_SECONDS = 60

pytestmark = pytest.mark.xdist_group("production")


@dataclass(frozen=True)
class Production:
    """A web machine behind Fly's proxy, which we play."""

    url: str
    static: Path
    variables: dict[str, str]

    def ask(self, path: str, *, method: str = "GET", tls: bool = True, **request: object) -> requests.Response:
        given = dict(request.pop("headers", {}))  # type: ignore[call-overload]
        forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https" if tls else "http"}
        headers = {"Host": HOST, **forwarded, **given}
        return requests.request(
            method,
            self.url + path,
            headers=headers,
            allow_redirects=False,
            timeout=30,
            **request,  # type: ignore[arg-type]
        )

    def stylesheet(self) -> str:
        paths: dict[str, str] = json.loads((self.static / "staticfiles.json").read_text())["paths"]
        return f"/static/{paths['site.css']}"


def environment(folder: Path) -> dict[str, str]:
    """As on a machine of Fly, but for the database and the files, which are this machine's."""
    kept = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "WEB_PROCESSES": "1"}
    places = {"DATA_DIR": str(folder / "data"), "STATIC_ROOT": str(folder / "static")}
    return kept | FLY | SECRETS | places | {"HOST": "127.0.0.1", "PORT": str(free_port())}


def manage(variables: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    variables = environment(folder)
    for words in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"], ["shell", "-c", _PERSON]):
        manage(variables, *words, "-v", "0")
    with served(variables, folder) as site:
        yield site


@pytest.fixture(scope="module")
def bereft(production: Production, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """Another web machine, whose database and Redis do not answer."""
    folder = tmp_path_factory.mktemp("bereft")
    nobody = f"127.0.0.1:{free_port()}"
    away = {"DATABASE_URL": f"postgres://user:password@{nobody}/gateway", "CACHE_URL": f"redis://{nobody}/0"}
    with served(environment(folder) | away | {"STATIC_ROOT": str(production.static)}, folder) as site:
        yield site


@contextmanager
def served(variables: dict[str, str], folder: Path) -> Iterator[Production]:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:fmugateway.gunicorn_config", "fmugateway.wsgi"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=ROOT, env=variables, stderr=log) as server:
        site = Production(f"http://127.0.0.1:{variables['PORT']}", Path(variables["STATIC_ROOT"]), variables)
        _await(site, folder / "log")
        yield site
        server.terminate()


def _await(site: Production, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            assert site.ask("/healthz").ok
        except requests.ConnectionError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return


PAGES = ["/", "/accounts/login/", "/accounts/signup/", "/docs/", "/docs/api", "/status", "/terms"]
ANSWERS = [*PAGES, "/admin/", "/nothing-here", "/api/v1/credits", "/openapi.json", "/robots.txt", "stylesheet"]
PROBES = ["/healthz", "/readyz", "/metrics"]


@pytest.mark.parametrize("path", [*ANSWERS, *PROBES])
def test_no_answer_lets_a_browser_guess_or_use_sensors(production: Production, path: str) -> None:
    answer = production.ask(production.stylesheet() if path == "stylesheet" else path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert re.fullmatch(r"req_[0-9a-f]{20}", answer.headers["X-Request-Id"])
    assert answer.headers["Server"] == "gunicorn", "its version is nobody's business"
    assert "X-Powered-By" not in answer.headers


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_wants_https_from_now_on(production: Production, path: str) -> None:
    answer = production.ask(production.stylesheet() if path == "stylesheet" else path)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


# The admin's own interface needs more (owner/test_admin.py).
@pytest.mark.parametrize("path", [path for path in ANSWERS if path not in {"stylesheet", "/admin/"}])
def test_no_answer_can_be_framed_or_run_a_script_of_somebody_else(production: Production, path: str) -> None:
    answer = production.ask(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    # Anybody's page may read the API's description, and nothing else.
    assert ("Access-Control-Allow-Origin" in answer.headers) == (path == "/openapi.json")


@pytest.mark.parametrize("path", [*PAGES, "/api/v1/credits", "/stripe/webhook/"])
def test_what_came_without_tls_is_sent_to_where_there_is_some(production: Production, path: str) -> None:
    answer = production.ask(path, tls=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}{path}")


@pytest.mark.parametrize("path", ["/", "/accounts/password/reset/", "/api/v1/credits"])
def test_another_hosts_name_is_never_repeated(production: Production, path: str) -> None:
    answer = production.ask(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DELETE", "PROPFIND"])
def test_methods_that_nobody_needs_are_refused(production: Production, method: str) -> None:
    assert production.ask("/", method=method).status_code in {403, 405}


def test_static_files_are_kept_for_ever_under_names_of_their_content(production: Production) -> None:
    assert "immutable" in production.ask(production.stylesheet()).headers["Cache-Control"]
    assert production.ask("/static/site.css").status_code == 404


def test_what_leads_to_a_static_file_is_not_kept_for_ever(production: Production) -> None:
    """The next deployment has another name for it."""
    assert production.ask("/favicon.ico").status_code == 302


def test_a_session_lives_in_a_cookie_that_only_we_and_only_tls_see(production: Production) -> None:
    cookies = production.ask("/accounts/login/").headers["Set-Cookie"]
    assert {"Secure", "SameSite=Lax"} <= set(cookies.split("; "))
    session = log_in(production)
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(session.split("; "))
    page = production.ask("/dashboard/", headers={"Cookie": session.split(";")[0]})
    assert page.status_code == 200
    assert {"no-store", "private"} <= set(page.headers["Cache-Control"].split(", "))


def log_in(production: Production) -> str:
    """The Set-Cookie of the new session."""
    token = re.findall(r"csrftoken=(\w+)", production.ask("/accounts/login/").headers["Set-Cookie"])[0]
    fields = {"login": "maya@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    headers = {"Cookie": f"csrftoken={token}", "Referer": f"https://{HOST}/accounts/login/"}
    answer = production.ask("/accounts/login/", method="POST", data=fields, headers=headers)
    assert answer.status_code == 302, answer.text
    cookies: list[str] = answer.raw.headers.getlist("Set-Cookie")
    return next(cookie for cookie in cookies if cookie.startswith("sessionid="))


def test_a_form_from_another_site_is_refused(production: Production) -> None:
    token = "a" * 32
    headers = {"Cookie": f"csrftoken={token}", "Referer": "https://evil.example/", "Origin": "https://evil.example"}
    fields = {"login": "maya@example.com", "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = production.ask("/accounts/login/", method="POST", data=fields, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_people_are_asked_to_come_back_while_the_database_is_away(bereft: Production, path: str) -> None:
    answer = bereft.ask(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), answer.text
    assert "<h1" in answer.text


@pytest.mark.parametrize("path", ["/simulate", "/api/v1/fmus"])
def test_programs_are_asked_to_come_back_while_the_database_is_away(bereft: Production, path: str) -> None:
    fmu = {"fmu": (ROOT / "simulations/samples/BouncingBall.fmu").read_bytes()}
    answer = bereft.ask(path, method="POST", files=fmu)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "5")
    assert "Idempotency-Key" in answer.json()["detail"]


def test_probes_and_the_status_page_answer_without_a_database(bereft: Production) -> None:
    assert bereft.ask("/healthz").status_code == 200
    ready = bereft.ask("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == "failed, see the log"
    assert ready.json()["checks"]["workers"] == "unknown without the database"
    assert "Out of order" in bereft.ask("/status").text


def test_what_a_stranger_uploaded_is_never_shown_by_a_browser(production: Production) -> None:
    fmu, token = manage(production.variables, "shell", "-v", "0", "-c", _THEIR_FMU).splitlines()[0].split()
    answer = production.ask(f"/api/v1/fmus/{fmu}/download", headers={"Authorization": f"Bearer {token}"})
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert production.ask(f"/api/v1/fmus/{fmu}/download").status_code in {401, 404}


def test_metrics_stay_inside(production: Production) -> None:
    assert production.ask("/metrics").status_code == 403


@pytest.mark.parametrize("beyond", [{}, ELSEWHERE], ids=["one machine", "many machines"])
def test_check_has_nothing_to_say_about_the_deployment(tmp_path: Path, beyond: dict[str, str]) -> None:
    manage(environment(tmp_path) | beyond, "check", "--deploy", "--fail-level", "WARNING")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"DATABASE_URL": ""}, "fmugateway.E001"),
        ({"BUCKET_NAME": ""}, "fmugateway.W001"),
        ({"FMU_CAGE_ALLOW_REDUCED": "1"}, "fmugateway.W002"),
        ({"SECRET_KEY": "short"}, "security.W009"),
        ({"SITE_URL": "http://fmu.example"}, "security.W008"),
        ({"DEBUG": "1"}, "security.W018"),
    ],
)
def test_check_complains_of_what_would_lose_or_leak_something(
    tmp_path: Path, changed: dict[str, str], complaint: str
) -> None:
    variables = {name: value for name, value in (environment(tmp_path) | ELSEWHERE | changed).items() if value}
    with pytest.raises(AssertionError, match=complaint):
        manage(variables, "check", "--deploy", "--fail-level", "WARNING")
