"""Close a door of dj-stripe."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "x-djstripe-webhook-secret"


class RefuseWebhookSecretHeader:
    """With DEBUG on, dj-stripe 2.11 takes the signing secret from the sender: anybody could sign events as Stripe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if HEADER in request.headers:
            return HttpResponse(f"The header {HEADER} is not accepted here.\n", status=400, content_type="text/plain")
        return self.get_response(request)
