"""Where an account's work stands: runs, balance, models, and the first steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import fresh_tokens
from accounts import services as accounts
from accounts.forms import TokenForm
from accounts.models import ApiToken, User
from billing import ledger
from billing.prices import price_of
from simulations.models import FmuHolding, Simulation, Status
from simulations.samples import find_sample
from simulations.services.visitors import visitor_of
from simulations.views.rows import rows_of

RECENT = 6
MODELS = 4
TOKEN = {"name": "First token", "days": "90"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """The first steps, each done or not."""

    run: bool
    upload: bool
    token: bool
    compare: bool

    @property
    def done(self) -> int:
        return sum((self.run, self.upload, self.token, self.compare))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """POST makes the first API token, which is shown in its place, else on the page that follows, and never again."""
    user, in_place = cast("User", request.user), "HX-Request" in request.headers
    secret, problem = _make_token(user) if request.method == "POST" else (fresh_tokens.take(request), "")
    if request.method == "POST" and secret and not in_place:
        fresh_tokens.hand_on(request, secret)
        return redirect("dashboard")
    context = {"secret": secret, "problem": problem, "steps": _steps(user)}
    if in_place:
        return render(request, "simulations/dashboard.html#steps", context)
    return render(request, "simulations/dashboard.html", context | _context(request, user))


def _make_token(user: User) -> tuple[str, str]:
    """A secret, or why there is none."""
    form = TokenForm(TOKEN, user=user)
    if not form.is_valid():
        return "", " ".join(map(str, form.non_field_errors()))
    _, secret = accounts.create_token(user, **form.cleaned_data)
    return secret, ""


def _context(request: HttpRequest, user: User) -> dict[str, object]:
    visitor = visitor_of(request)
    mine = Simulation.objects.owned_by(visitor)
    models = FmuHolding.objects.owned_by(visitor).light()
    return {
        "rows": rows_of(list(mine.light()[:RECENT])),
        "run_count": mine.count(),
        "models": models[:MODELS],
        "model_count": models.count(),
        "balance": ledger.balance(user),
        "charging": ledger.charging(),
        "pack": price_of("pack_10"),
        "starter": find_sample("DCMotor"),
    }


def _steps(user: User) -> Steps:
    runs = Simulation.objects.filter(user=user)
    return Steps(
        run=runs.exists(),
        upload=FmuHolding.objects.filter(user=user).exists(),
        token=ApiToken.objects.filter(user=user).exists(),
        compare=runs.filter(status=Status.SUCCEEDED)[:2].count() > 1,
    )
