"""Problems that an address may answer and headers that all answers have, for the OpenAPI document."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from billing.api.bodies import ProblemBody

_MEANINGS = {
    400: "A field is missing or misspelt; `errors` names it.",
    401: "This needs an account, or the credential is not good.",
    403: "The account is blocked; `detail` says why.",
    404: "There is nothing here, or it is not yours.",
    406: "The Accept header leaves out application/json.",
    409: "Not now; `detail` says why.",
    411: "Send a Content-Length.",
    413: "The body is too large.",
    415: "Send JSON or a form.",
    422: "The code cannot be redeemed.",
    429: "Too many requests; see Retry-After.",
    503: "Stripe does not answer, or this site does not sell yet. Nothing was kept.",
}


_EVERYWHERE = (406, 411, 413, 429)


def answer_header(name: str, description: str, *statuses: int) -> OpenApiParameter:
    response = list(statuses) if statuses else True
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, response=response)


LIMITS = [
    answer_header("RateLimit-Policy", 'The limit that counted this request: `"sample";q=600;w=60`.'),
    answer_header("RateLimit", 'What is left of it: `"sample";r=599;t=42`.'),
]


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    return {
        (status, "application/problem+json"): OpenApiResponse(ProblemBody, description=_MEANINGS[status])
        for status in sorted({*statuses, *_EVERYWHERE})
    }
