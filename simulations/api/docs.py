"""Each operation for the OpenAPI document: what it takes, every status it answers, examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from billing.api.bodies import ProblemBody
from billing.api.docs import LIMITS, answer_header
from simulations.api import shapes
from simulations.api.requests import RunRequestSerializer
from simulations.models import Status

PROBLEM = "application/problem+json"
FORM = "multipart/form-data"
_MEANINGS = {
    400: "The request cannot be understood; `errors` names every field at fault.",
    401: "The credential is missing, unknown or expired.",
    403: "The account is blocked; `detail` says why.",
    404: "There is nothing here, or it is not yours.",
    406: "The Accept header leaves out what this address answers.",
    409: "Not in this state; `detail` says why.",
    410: "The result is not kept any more.",
    411: "Send a Content-Length.",
    413: "The body or the FMU is too large.",
    415: "Send JSON or multipart/form-data.",
    422: "The FMU is refused, or the request does not fit the model; `errors` names every field at fault.",
    429: "Too many requests; see Retry-After.",
    503: "Busy, or ours to fix; see Retry-After. Nothing was started or charged.",
}
_NPZ = "result.npz: an array a column. Of a text output NAME whole numbers, places in the array `texts:NAME`."
_EVERYWHERE = (401, 406, 411, 413, 429)


class Operation(Protocol):
    """A decorator that keeps a view's method as it is."""

    def __call__[**P, R](self, method: Callable[P, R], /) -> Callable[P, R]: ...


def _operation(*, description: str = "", **facts: Any) -> Operation:
    # Without a description of its own an operation would take the class's docstring.
    decorator: Operation = extend_schema(description=description, **facts)
    return decorator


def _problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    return {
        (status, PROBLEM): OpenApiResponse(ProblemBody, description=_MEANINGS[status])
        for status in sorted({*statuses, *_EVERYWHERE})
    }


def _id(name: str, pattern: str, description: str) -> OpenApiParameter:
    schema = {"type": "string", "pattern": pattern}
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, required=True, description=description)


def _query(name: str, description: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


_FMU = _id("fmu_id", "^(fmu_|sample:|sha256:)[A-Za-z0-9_.-]{1,80}$", "`fmu_...`, `sample:...` or `sha256:...`.")
_SIMULATION = _id("simulation_id", "^sim_[A-Za-z0-9]{1,40}$", "`sim_...`")
_WAIT = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER, description="`wait=N`: wait up to N seconds, 0 to 60; 10 by default."
)
_WAIT_ON_REQUEST = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER, description="`wait=N`: wait up to N seconds, 0 to 60; not without it."
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="The same key and body again get the first answer again, never a second run. Kept for a day.",
)
_PAGES = [
    _query("cursor", "From `next` or `previous` of another page."),
    _query("limit", "Items a page.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
]
_CURL = OpenApiExample(
    "A sample, faster ball",
    {"fmu_id": "sample:BouncingBall", "start_values": {"e": 0.8}, "stop_time": 3},
    request_only=True,
    media_type="application/json",
)
_FINISHED = OpenApiExample(
    "Succeeded",
    {
        "object": "simulation",
        "id": "sim_5fXk2mQ8vLpR7tYw3nZc9dHb",
        "url": "https://fmugateway.example/api/v1/simulations/sim_5fXk2mQ8vLpR7tYw3nZc9dHb",
        "status": "succeeded",
        "fmu": {
            "id": "sample:BouncingBall",
            "model_name": "BouncingBall",
            "fmi_version": "2.0",
            "sha256": "136872b8f5a15ad7845420d6285dffa0c449f7d89a1495dc53ee6f4e472ed716",
        },
        "request": {
            "fmu_id": "sample:BouncingBall",
            "interface_type": "CoSimulation",
            "start_time": 0.0,
            "stop_time": 3.0,
            "output_interval": 1.5,
            "solver": None,
            "step_size": 1.5,
            "relative_tolerance": None,
            "record_events": True,
            "start_values": {"e": 0.8},
            "inputs": None,
            "outputs": ["h"],
        },
        "progress": 1.0,
        "result": {
            "rows": 3,
            "columns": [{"name": "time", "unit": "s"}, {"name": "h", "unit": "m"}],
            "data": {"time": [0.0, 1.5, 3.0], "h": [1.0, 0.3, 0.1]},
            "complete": True,
            "urls": {kind: f"https://fmugateway.example/.../result.{kind}" for kind in ("csv", "json", "npz")},
        },
        "error": None,
        "notes": [],
        "metrics": {
            "queue_seconds": 0.01,
            "run_seconds": 0.02,
            "cpu_seconds": 0.02,
            "peak_memory_bytes": 41000000,
        },
        "billing": {"charged": 1, "credits_available": 9},
        "created_at": "2026-11-24T06:02:00Z",
        "started_at": "2026-11-24T06:02:00Z",
        "finished_at": "2026-11-24T06:02:00Z",
    },
    response_only=True,
    status_codes=["200"],
)
_UNKNOWN_VARIABLE = OpenApiExample(
    "A misspelt variable",
    {
        "type": "https://fmugateway.example/problems/invalid-experiment",
        "title": "Unprocessable Content",
        "status": 422,
        "code": "invalid_experiment",
        "detail": "'h0' is not a variable of BouncingBall; did you mean 'h'?",
        "request_id": "req_be5a5d015c09834d47e3",
        "errors": [
            {
                "field": "start_values.h0",
                "code": "unknown_variable",
                "message": "'h0' is not a variable of BouncingBall; did you mean 'h'?",
            }
        ],
    },
    response_only=True,
    status_codes=["422"],
    media_type=PROBLEM,
)


def _run(operation_id: str, summary: str) -> Operation:
    return _operation(
        operation_id=operation_id,
        summary=summary,
        description=(
            "Names an FMU that is there already, or brings one as a file part. Everything else is optional: what is "
            "left out follows the model's DefaultExperiment. With a run token and no body it answers the paid "
            "simulation. A run that fails is answered with 200, `status: failed`, and costs nothing."
        ),
        request={"application/json": RunRequestSerializer, FORM: shapes.RunForm},
        parameters=[
            _WAIT,
            _KEY,
            answer_header("Location", "Where to ask for it.", 202),
            answer_header("Retry-After", "Seconds.", 202, 409, 429, 503),
            answer_header("Link", 'Where to pay: `<https://.../pay/pay_...>; rel="payment"`.', 402),
            answer_header("Idempotent-Replayed", "`true` when this is the first answer again.", 200, 202),
            *LIMITS,
        ],
        responses={
            200: OpenApiResponse(shapes.SimulationBody, description="It finished within the wait."),
            202: OpenApiResponse(shapes.SimulationBody, description="It is still queued or running."),
            (402, PROBLEM): OpenApiResponse(
                shapes.PaymentRequiredBody, description="It is kept and starts by itself once somebody has paid."
            ),
            **_problems(400, 403, 404, 409, 415, 422, 503),
        },
        examples=[_CURL, _FINISHED, _UNKNOWN_VARIABLE],
        tags=["simulations"],
    )


SIMULATE = _run("simulate", "Run one simulation")
CREATE_SIMULATION = _run("create_simulation", "Run one simulation (the same as POST /simulate)")
LIST_SIMULATIONS = _operation(
    operation_id="list_simulations",
    summary="Your simulations, newest first",
    parameters=[_query("status", "Only those.", enum=Status.values), *_PAGES, *LIMITS],
    responses={200: shapes.SimulationPage, **_problems(400, 404)},
    tags=["simulations"],
)
SIMULATION = _operation(
    operation_id="simulation",
    summary="State, effective request, result, metrics and billing",
    parameters=[_SIMULATION, _WAIT_ON_REQUEST, *LIMITS],
    responses={200: shapes.SimulationBody, **_problems(404)},
    examples=[_FINISHED],
    tags=["simulations"],
)
DELETE_SIMULATION = _operation(
    operation_id="delete_simulation",
    summary="Forget a simulation and its result",
    parameters=[_SIMULATION, *LIMITS],
    responses={204: None, **_problems(404, 409)},
    tags=["simulations"],
)
CANCEL = _operation(
    operation_id="cancel_simulation",
    summary="Stop it",
    description="Free while it waits. A run that had started is charged for.",
    parameters=[_SIMULATION, _WAIT, *LIMITS],
    request=None,
    responses={
        200: OpenApiResponse(shapes.SimulationBody, description="It has ended."),
        202: OpenApiResponse(shapes.SimulationBody, description="It will end at its worker's next look."),
        **_problems(404, 409),
    },
    tags=["simulations"],
)
RESULT = _operation(
    operation_id="result",
    summary="The whole result as CSV, JSON or npz",
    parameters=[
        _SIMULATION,
        OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=["csv", "json", "npz"], required=True),
        _query(
            "max_points",
            "At most that many rows, chosen so that a plot keeps its shape.",
            {"type": "integer", "minimum": 3, "maximum": 1_000_000},
        ),
        _query("outputs", "Only these columns, after time: `h,v`. An array's name is all of its columns."),
        *LIMITS,
    ],
    responses={
        (200, "application/json"): OpenApiResponse(shapes.ResultFile, description="result.json"),
        (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="result.csv: a header, then values."),
        (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, description=_NPZ),
        304: OpenApiResponse(description="Not modified since the ETag of If-None-Match."),
        **_problems(400, 404, 409, 410),
    },
    tags=["simulations"],
)
UPLOAD = _operation(
    operation_id="upload_fmu",
    summary="Upload an FMU and see what is inside (free)",
    description="The same bytes again cost nothing and answer the same FMU.",
    parameters=[answer_header("Location", "The FMU.", 201, 202), *LIMITS],
    request={FORM: shapes.UploadForm},
    responses={
        201: OpenApiResponse(shapes.FmuBody, description="It was looked into and accepted."),
        202: OpenApiResponse(shapes.FmuBody, description="It is still being looked into; ask again."),
        **_problems(400, 415, 422, 503),
    },
    tags=["fmus"],
)
LIST_FMUS = _operation(
    operation_id="list_fmus",
    summary="Your FMUs, newest first; or the samples",
    parameters=[_query("owner", "`samples` lists the samples.", enum=["samples"]), *_PAGES, *LIMITS],
    responses={200: shapes.FmuPage, **_problems(400, 404)},
    tags=["fmus"],
)
FMU = _operation(
    operation_id="fmu",
    summary="What is inside an FMU, and whether it runs here",
    parameters=[_FMU, *LIMITS],
    responses={200: shapes.FmuBody, **_problems(404)},
    tags=["fmus"],
)
DELETE_FMU = _operation(
    operation_id="delete_fmu",
    summary="Forget an FMU",
    description="Its finished simulations stay.",
    parameters=[_FMU, *LIMITS],
    responses={204: None, **_problems(404, 409)},
    tags=["fmus"],
)
VARIABLES = _operation(
    operation_id="fmu_variables",
    summary="The variables of an FMU",
    parameters=[
        _FMU,
        _query("search", "Part of a name or a description."),
        _query("causality", "Only these.", enum=list(shapes.CAUSALITIES)),
        _query("limit", "Items a page.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
        _query("offset", "The first item.", {"type": "integer", "minimum": 0, "default": 0}),
        *LIMITS,
    ],
    responses={200: shapes.FmuVariablePage, **_problems(400, 404)},
    tags=["fmus"],
)
DOWNLOAD = _operation(
    operation_id="download_fmu",
    summary="The bytes of an FMU, for its owner",
    parameters=[_FMU, *LIMITS],
    responses={
        (200, "application/octet-stream"): OpenApiTypes.BINARY,
        302: OpenApiResponse(description="The bytes lie in object storage, at a signed address for five minutes."),
        **_problems(404),
    },
    tags=["fmus"],
)
