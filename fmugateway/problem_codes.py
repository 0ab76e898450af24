"""Every `code` a problem or a failed run may carry: what it means and what to do. The docs and /problems/ read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One code. `status` is the HTTP status, or None for the `error.code` of a run, which is answered with 200."""

    code: str
    status: int | None
    meaning: str
    what_to_do: str

    @property
    def slug(self) -> str:
        return self.code.replace("_", "-")

    @property
    def title(self) -> str:
        return self.code.replace("_", " ").capitalize()


_REQUESTS = (
    Problem(
        "invalid_request",
        400,
        "A field is missing, misspelt or out of bounds. Nothing ran and nothing was charged.",
        "Read `errors`: it names every field at fault and what it wants. Fix them all and send the request again.",
    ),
    Problem(
        "parse_error",
        400,
        "The body is not the JSON or the multipart form that its Content-Type announces.",
        "Check the quotes and the Content-Type header. With files, put the JSON into the part named `request`.",
    ),
    Problem(
        "not_authenticated",
        401,
        "This address needs an account and the request named none.",
        "Send `Authorization: Bearer fmu_...` with an API token from your dashboard.",
    ),
    Problem(
        "authentication_failed",
        401,
        "The token is unknown, revoked or expired.",
        "Make a new API token in the dashboard. For a paid run, ask the payment's `status_url` for a fresh token.",
    ),
    Problem(
        "payment_required",
        402,
        "One run costs a credit, and this request brought neither a credit nor a paid token. "
        "Your run is kept and starts by itself when somebody pays.",
        "Open `checkout_url`, or hand it to a person. Then poll `payment.status_url` with the `claim_secret`.",
    ),
    Problem(
        "permission_denied",
        403,
        "The account is known but may not do this.",
        "Use the account that owns the object, or write to support if you think you should be allowed.",
    ),
    Problem(
        "not_found",
        404,
        "There is nothing at this address, or it belongs to somebody else. We do not say which.",
        "Check the id and the token. Guests' uploads go 7 days after their last use, their results after 30.",
    ),
    Problem(
        "method_not_allowed",
        405,
        "The address exists but does not answer to this HTTP method.",
        "See the API reference for the methods of the address.",
    ),
    Problem(
        "not_acceptable",
        406,
        "The Accept header asks for a format that this address does not have.",
        "Ask for `application/json`, or leave the header out.",
    ),
    Problem(
        "unsupported_media_type",
        415,
        "The Content-Type is neither JSON nor a multipart form.",
        "Send `application/json`, or `multipart/form-data` with the parts `fmu` and `request`.",
    ),
    Problem(
        "throttled",
        429,
        "Too many requests in the last minute.",
        "Wait for as many seconds as `Retry-After` says. The `RateLimit` headers show what is left.",
    ),
    Problem(
        "error",
        500,
        "Something broke on our side. A run that was under way is not charged.",
        "Try again. If it stays, write to support with the `request_id`.",
    ),
)

_RUNS = (
    Problem(
        "fmu_error",
        None,
        "The FMU or the solver said no: initialisation failed, a step was refused, a value left its bounds.",
        "Read `error.log`, it holds the model's own words. Start values and step size are the usual causes.",
    ),
    Problem(
        "fmu_crashed",
        None,
        "The compiled code of the FMU died: a segmentation fault, an abort, an illegal instruction.",
        "Try the FMU in the tool that exported it. Missing start values and array bounds are common causes.",
    ),
    Problem(
        "forbidden_system_call",
        None,
        "The FMU tried something that the cage does not allow, such as opening a socket or starting a program.",
        "Export the model without licence check, remote solver or file access.",
    ),
    Problem(
        "timeout",
        None,
        "The run took longer than its wall-clock limit.",
        "Simulate a shorter time, use larger steps or fewer outputs. The pilot plan has a longer limit.",
    ),
    Problem(
        "cpu_limit",
        None,
        "The run used more processor time than its limit.",
        "Simulate a shorter time or use larger steps. The pilot plan has a longer limit.",
    ),
    Problem(
        "memory_limit",
        None,
        "The model asked for more memory than its limit.",
        "Ask for fewer outputs or a larger output interval. The pilot plan has more memory.",
    ),
    Problem(
        "output_limit",
        None,
        "The result has more values than a run may have.",
        "Choose fewer `outputs` or a larger `output_interval`: values are rows times columns.",
    ),
    Problem(
        "bad_result",
        None,
        "What the FMU returned is not a result: a NaN, an infinity, or a time that runs backwards.",
        "Look at the partial curve for the moment it went wrong; a smaller step often helps.",
    ),
    Problem(
        "sandbox_error",
        None,
        "The cage could not be set up. This is our fault, not the model's.",
        "Run it again; it cost nothing. If it stays, write to support.",
    ),
    Problem(
        "worker_lost",
        None,
        "The machine that ran your simulation went away twice. This is our fault, not the model's.",
        "Run it again; it cost nothing.",
    ),
    Problem(
        "canceled",
        None,
        "The run was stopped on request.",
        "Nothing to do. A run cancelled after it has started is charged, one still in the queue is not.",
    ),
)

REQUEST_PROBLEMS = {problem.code: problem for problem in _REQUESTS}
RUN_PROBLEMS = {problem.code: problem for problem in _RUNS}
PROBLEMS = REQUEST_PROBLEMS | RUN_PROBLEMS
