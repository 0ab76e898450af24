"""What the API may say no with. fmugateway.problems turns each into problem+json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException

from simulations.fmi.errors import ExperimentInvalid, FieldProblem


class ApiProblem(APIException):
    """A problem with what belongs to it: `errors` by field, `extra` members, `headers`."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        code: str | None = None,
        errors: Iterable[FieldProblem] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.errors = [asdict(problem) for problem in errors]
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


class BadRequest(ApiProblem):
    """The request cannot be understood."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid_request"

    @classmethod
    def field(cls, field: str, code: str, message: str) -> BadRequest:
        return cls(message, errors=[FieldProblem(field, code, message)])


class DoesNotFit(ApiProblem):
    """The request is understood and does not fit the model."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "invalid_experiment"

    @classmethod
    def of(cls, error: ExperimentInvalid) -> DoesNotFit:
        return cls(" ".join(dict.fromkeys(problem.message for problem in error.problems)), errors=error.problems)


class FmuNotAccepted(ApiProblem):
    """The bytes are not an FMU that we accept."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "fmu_refused"


class CannotRunHere(ApiProblem):
    """The FMU is fine and cannot run here; the verdict says why."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "cannot_run_here"


class UploadQuotaUsed(ApiProblem):
    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "upload_quota_used"


class UnknownFmu(ApiProblem):
    status_code = status.HTTP_404_NOT_FOUND
    default_code = "unknown_fmu"


class FmuInUse(ApiProblem):
    status_code = status.HTTP_409_CONFLICT
    default_code = "fmu_in_use"


class SimulationGoing(ApiProblem):
    status_code = status.HTTP_409_CONFLICT
    default_code = "simulation_going"


class AlreadyFinished(ApiProblem):
    status_code = status.HTTP_409_CONFLICT
    default_code = "already_finished"


class NoResult(ApiProblem):
    """There is no whole result to download: not yet, not any more, or never."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "no_result"


class ResultTrimmed(ApiProblem):
    status_code = status.HTTP_410_GONE
    default_code = "result_trimmed"


class LengthRequired(ApiProblem):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"
    default_detail = "Send a Content-Length header: bodies of unknown length are not read."


class TooLarge(ApiProblem):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class KeyMismatch(ApiProblem):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was used with another request. Use a new key for a new request."


class KeyInFlight(ApiProblem):
    status_code = status.HTTP_409_CONFLICT
    default_code = "idempotency_key_in_flight"
    default_detail = "The first request with this Idempotency-Key is still being answered. Ask again shortly."


class TokenSpent(ApiProblem):
    status_code = status.HTTP_409_CONFLICT
    default_code = "token_spent"


class Busy(ApiProblem):
    """Ours, and it passes."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "busy"


class StorageFull(Busy):
    """Ours too: there is no room for what this request would keep."""

    default_code = "storage_full"
    default_detail = "There is no room for new files at the moment. Nothing was started or charged; try again later."


class IsolationUnavailable(ApiProblem):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "isolation_unavailable"
