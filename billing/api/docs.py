"""Problems that an address may answer, for the OpenAPI document."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse

from billing.api.bodies import ProblemBody

_MEANINGS = {
    400: "A field is missing or misspelt; `errors` names it.",
    401: "This needs an account, or the credential is not good.",
    403: "The account is blocked; `detail` says why.",
    404: "There is nothing here, or it is not yours.",
    409: "Not now; `detail` says why.",
    413: "The body is too large.",
    422: "The code cannot be redeemed.",
    429: "Too many requests; see Retry-After.",
    503: "Stripe does not answer, or this site does not sell yet. Nothing was kept.",
}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemBody, description=_MEANINGS[status])
        for status in statuses
    }
