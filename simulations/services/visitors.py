"""Who asks, from a request; and what a browser without an account remembers of its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.addresses import address_of
from accounts.models import User
from billing import payments
from simulations.models import FmuHolding, Simulation
from simulations.visitor import Visitor

_FMUS, _SIMULATIONS = "guest_fmus", "guest_simulations"
_REMEMBERED = 200


def visitor_of(request: HttpRequest | Request) -> Visitor:
    """The account, the paid token or the session behind a request, of the API or of a page."""
    user = request.user if isinstance(request.user, User) else None
    session = getattr(request, "session", None)
    return Visitor(
        user=user,
        payment=getattr(getattr(request, "auth", None), "payment", None),
        fmus=frozenset(session.get(_FMUS, ())) if session is not None else frozenset(),
        simulations=frozenset(session.get(_SIMULATIONS, ())) if session is not None else frozenset(),
        address=address_of(request),
    )


def remember(request: HttpRequest | Request, item: FmuHolding | Simulation) -> None:
    """Let this browser find its guest's upload or run again. A program without cookies gets no session."""
    if item.user_id is not None or not is_browser(request):
        return
    key = _FMUS if isinstance(item, FmuHolding) else _SIMULATIONS
    session: Any = request.session
    known = [known for known in session.get(key, []) if known != item.public_id]
    session[key] = [*known, item.public_id][-_REMEMBERED:]


def is_browser(request: HttpRequest | Request) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.CSRF_COOKIE_NAME in request.COOKIES


def adopt(request: HttpRequest, user: User) -> None:
    """Give what this browser made as a guest to the account it just signed in to."""
    session: Any = request.session
    simulations = session.pop(_SIMULATIONS, [])
    Simulation.objects.filter(user=None, public_id__in=simulations).update(user=user)
    payments.adopt(simulations, user)
    for holding in FmuHolding.objects.filter(user=None, is_sample=False, public_id__in=session.pop(_FMUS, [])):
        _adopt_holding(holding, user)


def _adopt_holding(holding: FmuHolding, user: User) -> None:
    """An account has each content once: a second copy's simulations move to the first."""
    own = FmuHolding.objects.filter(user=user, fmu=holding.fmu_id).first()
    if own is None:
        FmuHolding.objects.filter(pk=holding.pk).update(user=user)
    else:
        Simulation.objects.filter(fmu=holding).update(fmu=own, fmu_public_id=own.public_id)
        holding.delete()
