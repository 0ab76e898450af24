from __future__ import annotations

import ast
import gzip
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from pytest_django import Settings
from rest_framework.exceptions import APIException

import simulations.fmi
from accounts.models import User
from billing.models import Product
from fmugateway import health, hero
from fmugateway.pages import DOCS
from fmugateway.problem_codes import FILE_PROBLEMS, MODEL_PROBLEMS, PROBLEMS, REQUEST_PROBLEMS, RUN_PROBLEMS
from fmugateway.tests.markup import Page, read
from fmugateway.tests.rows import hide_real_workers
from simulations.fmi.errors import RunError
from simulations.services.submit import SAMPLE_SECONDS

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/docs/",
    *(f"/docs/{page}/" for page in DOCS),
    "/problems/payment-required",
    "/support",
    "/terms",
    "/privacy",
    "/refunds",
    "/status",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/confirm-email/",
)
PAGE_WEIGHT = 150_000


@pytest.fixture
def user() -> User:
    return User.objects.create_user("maya@example.com", "plot-the-curve-9")


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept": "text/html,*/*;q=0.8"})


def page_at(browser: Client, address: str) -> Page:
    response = browser.get(address)
    assert response.status_code == 200, address
    return read(response.content.decode())


@pytest.mark.parametrize("address", PAGES)
def test_page_stands_under_the_strict_policy(browser: Client, address: str) -> None:
    response = browser.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert page_at(browser, address).forbidden == []


@pytest.mark.parametrize("address", PAGES)
def test_page_has_one_heading_and_a_title(browser: Client, address: str) -> None:
    page = page_at(browser, address)
    assert page.headings == 1
    assert page.title


def test_no_two_pages_share_a_title(browser: Client) -> None:
    titles = [page_at(browser, address).title for address in PAGES]
    assert len(set(titles)) == len(titles)


def test_all_links_lead_somewhere(browser: Client) -> None:
    pages = {address: page_at(browser, address) for address in PAGES}
    broken = {
        f"{address} > {link}"
        for address, page in pages.items()
        for link in page.links
        if not leads_somewhere(address, link, pages)
    }
    assert not broken


def leads_somewhere(address: str, link: str, pages: dict[str, Page]) -> bool:
    target = urlsplit(urljoin(address, link))
    if target.scheme == "mailto":
        return "@" in target.path
    if target.path in pages:
        return target.fragment in pages[target.path].ids
    try:
        resolve(target.path)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("address", ["/", "/docs/quickstart/", "/accounts/login/"])
def test_all_assets_are_ours_and_there(browser: Client, address: str) -> None:
    for asset in page_at(browser, address).assets:
        assert asset.startswith(("/static/", "data:", settings.SITE_URL)), asset
        if asset.startswith("/static/"):
            assert static_file(asset), asset


def static_file(address: str) -> Path | None:
    found = finders.find(urlsplit(address).path.removeprefix("/static/"))
    return Path(found) if found else None


def test_landing_page_weighs_at_most_150_kilobytes(browser: Client) -> None:
    html = browser.get("/").content
    waiting = [asset for asset in read(html.decode()).assets if asset.startswith("/static/")]
    files: set[Path] = set()
    while waiting:
        file = static_file(address := waiting.pop())
        assert file, address
        if file in files or file.name == "preview.png":
            continue
        files.add(file)
        waiting += [urljoin(address, inside) for inside in mentioned(file)]
    assert len(files) > 8
    assert len(gzip.compress(html)) + sum(weight(file) for file in files) < PAGE_WEIGHT


def mentioned(file: Path) -> list[str]:
    """Files that a stylesheet or a module loads in its turn."""
    if file.suffix == ".css":
        return re.findall(r"""url\(["']?([^"')]+)""", file.read_text())
    if file.suffix == ".js":
        return re.findall(r"""from ["'](\./[^"']+)["']""", file.read_text())
    return []


def weight(file: Path) -> int:
    """Bytes on the wire; fonts and images are compressed already."""
    content = file.read_bytes()
    return len(content if file.suffix in {".woff2", ".png"} else gzip.compress(content))


def test_landing_page_shows_a_curve_and_the_call_without_a_script(browser: Client) -> None:
    html = browser.get("/").content.decode()
    first = hero.live_models()[0]
    assert len(re.findall(r'<path data-trace="\d" d="M0\.0 ', html)) == len(first.outputs)
    assert f"<b data-code-model>{first.sample}</b>" in html
    assert all(f'"{slider.variable}": {slider.value}' in html for slider in first.sliders)


def test_first_curve_has_the_units_and_points_of_the_sample() -> None:
    result = hero.first_result()
    lengths = {len(values) for values in result["data"].values()}
    assert len(lengths) == 1
    assert lengths.pop() > hero.POINTS
    assert [column["name"] for column in result["columns"]] == ["time", *hero.live_models()[0].outputs]
    assert result["data"]["time"][-1] == result["stop_time"]


def test_landing_page_leads_programs_to_the_contract(browser: Client) -> None:
    links = re.findall(r'<(\S+)>; rel="(\S+)"; type="(\S+)"', browser.head("/").headers["Link"])
    assert {address: relation for address, relation, _ in links} == {
        "/openapi.json": "service-desc",
        "/docs/": "service-doc",
        "/llms.txt": "service-doc",
    }
    for address, _, kind in links:
        assert browser.get(address).headers["Content-Type"].startswith(kind)


def test_landing_page_shows_the_prices_of_the_database(browser: Client) -> None:
    Product.objects.update_or_create(
        key="pack_10", defaults={"name": "Credit Pack", "amount": 950, "currency": "gbp", "runs": 10}
    )
    html = browser.get("/").content.decode()
    assert "£9.50" in html
    assert "95p a run" in html


def test_signed_in_visitor_finds_the_way_to_the_dashboard(browser: Client, user: User) -> None:
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "/dashboard/" in page_at(browser, "/").links


def test_limits_page_quotes_the_settings(browser: Client, settings: Settings) -> None:
    settings.RUN_LIMITS = settings.RUN_LIMITS | {"memory_bytes": 3 << 29}
    assert "1.5 GB" in browser.get("/docs/limits/").content.decode()


@pytest.mark.parametrize(
    ("address", "words"),
    [("/docs/limits/", f"may use {SAMPLE_SECONDS:g} s"), ("/llms.txt", f"({SAMPLE_SECONDS:g} s of a sample)")],
)
def test_shorter_time_of_a_sample_is_told(browser: Client, address: str, words: str) -> None:
    assert words in browser.get(address).content.decode()


def test_sitemap_lists_pages_that_answer(browser: Client) -> None:
    tree = ElementTree.fromstring(browser.get("/sitemap.xml").content)
    places = [
        urlsplit(element.text or "").path for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert set(places) >= {"/", "/docs/", "/docs/quickstart/"}
    assert {browser.get(place).status_code for place in places} == {200}


def test_robots_keep_out_of_what_is_private(browser: Client) -> None:
    text = browser.get("/robots.txt").content.decode()
    assert "Disallow: /dashboard/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


def test_whoever_finds_a_hole_learns_where_to_write_to(browser: Client) -> None:
    lines = browser.get("/.well-known/security.txt").content.decode().strip().splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Contact"] == f"mailto:{settings.SUPPORT_EMAIL}"
    assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert browser.get(urlsplit(fields["Policy"]).path).status_code == 200
    ends = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < ends < timedelta(days=366)


def test_llms_txt_tells_an_agent_the_whole_contract(browser: Client) -> None:
    response = browser.get("/llms.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/plain")
    assert all(word in text for word in ("/simulate", "claim_secret", "Idempotency-Key", "Prefer", "£1"))
    assert all(code in text for code in PROBLEMS)
    assert "&amp;" not in text
    assert "&#x27;" not in text


@pytest.mark.parametrize("address", ["/llms.txt", "/docs/errors/"])
def test_nobody_is_told_that_canceling_is_always_free(browser: Client, address: str) -> None:
    text = browser.get(address).content.decode()
    assert "except a run that was canceled after it had started" in text


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_code_has_a_page(browser: Client, code: str) -> None:
    problem = PROBLEMS[code]
    html = browser.get(reverse("problem", args=[problem.slug])).content.decode()
    assert f"<code>{code}</code>" in html


def test_every_error_of_the_api_is_explained() -> None:
    codes = {error.default_code for error in subclasses(APIException)} - {"invalid"}
    assert codes <= set(REQUEST_PROBLEMS) | {"fmu_refused", "cannot_run_here"}


def test_every_error_of_a_run_is_explained() -> None:
    assert {error.code for error in subclasses(RunError)} <= set(RUN_PROBLEMS)


def test_every_refusal_of_the_engine_is_explained() -> None:
    assert codes_given_to("IntakeRefused") <= set(FILE_PROBLEMS)
    assert codes_given_to("refuse") | codes_given_to("refusal") <= set(MODEL_PROBLEMS)


def codes_given_to(function: str) -> set[str]:
    """First arguments of all calls of `function` in the engine."""
    trees = [ast.parse(file.read_text()) for file in Path(simulations.fmi.__path__[0]).rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    first = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == function]
    return {str(argument.value) for argument in first if isinstance(argument, ast.Constant)}


def subclasses[Kind](kind: type[Kind]) -> set[type[Kind]]:
    direct = set(kind.__subclasses__())
    return direct.union(*(subclasses(one) for one in direct))


def test_unknown_address_shows_a_page_to_people(browser: Client) -> None:
    response = browser.get("/nothing-here")
    assert response.status_code == 404
    assert "The curve ends here" in response.content.decode()
    assert read(response.content.decode()).forbidden == []


@pytest.mark.parametrize("debug", [False, True])
def test_unknown_address_answers_a_problem_to_programs(client: Client, settings: Settings, debug: bool) -> None:
    settings.DEBUG = debug
    response = client.get("/api/v1/nothing-here", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert json.loads(response.content)["code"] == "not_found"


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", ["/run", "/SIMULATE", "/pay/", "/nothing-here", "/stripe/webhook/1"])
def test_wrong_address_answers_a_problem_to_a_program_that_posts(
    client: Client, settings: Settings, debug: bool, path: str
) -> None:
    """Django redirects to /run/ and loses the body; with DEBUG on it shows a stack trace."""
    settings.DEBUG = debug
    response = client.post(path, {"fmu_id": "sample:BouncingBall"}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("//simulate", "use /simulate."),
        ("/api//v1/fmus", "use /api/v1/fmus."),
        ("/pay/", "use /pay, without the slash at the end."),
        ("/api/v1/simulate", "/openapi.json has all addresses."),
    ],
)
def test_wrong_address_names_the_one_that_was_meant(
    client: Client, settings: Settings, debug: bool, path: str, meant: str
) -> None:
    settings.DEBUG = debug
    assert client.get(f"http://testserver{path}").json()["detail"].endswith(meant)


def test_page_without_its_slash_still_leads_there(browser: Client) -> None:
    assert browser.get("/docs/errors").headers["Location"] == "/docs/errors/"
    assert browser.get("/docs/api/").headers["Location"] == "/docs/api"


def test_program_that_posts_to_a_page_is_told_where_to() -> None:
    response = Client(enforce_csrf_checks=True).post("/", {"fmu_id": "x"}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    assert "Programs POST to /simulate" in response.json()["detail"]


def test_old_form_is_explained() -> None:
    browser = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    response = browser.post("/accounts/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_status_page_tells_when_no_worker_is_alive(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "REMEMBER_SECONDS", -1.0)
    hide_real_workers(monkeypatch)
    assert "Out of order" in browser.get("/status").content.decode()
