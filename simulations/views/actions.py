"""What can be done with a run: stop it, share it, pay for it, forget it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from rest_framework.exceptions import APIException

from billing import payments
from billing.pace import pace_checkout
from billing.views.redirects import see_other
from simulations.errors import AlreadyFinished, SimulationGoing
from simulations.models import Simulation, Status
from simulations.services import cancel as canceling
from simulations.services import deletion, entitlements, sharing, start, waiting
from simulations.services.visitors import visitor_of
from simulations.views import access

# Long enough for a worker's next look at the row.
CANCEL_SECONDS = 2


@require_POST
def cancel(request: HttpRequest, simulation_id: str) -> HttpResponse:
    found = access.own_simulation(request, simulation_id)
    try:
        canceling.cancel(found)
        waiting.until_finished(found, seconds=CANCEL_SECONDS)
    except AlreadyFinished as error:
        messages.warning(request, str(error.detail))
    return redirect("simulation", simulation_id)


@require_POST
def share(request: HttpRequest, simulation_id: str) -> HttpResponse:
    """Switch the secret link on or off."""
    found = access.own_simulation(request, simulation_id)
    if request.POST.get("shared") == "on":
        sharing.share(found)
    else:
        sharing.unshare(found)
        messages.success(request, "The link is off. Nobody gets in by it any more.")
    return redirect(reverse("simulation", args=[simulation_id]) + "#share")


@require_POST
def delete(request: HttpRequest, simulation_id: str) -> HttpResponse:
    found = access.own_simulation(request, simulation_id)
    try:
        deletion.delete_simulation(found)
    except SimulationGoing as error:
        messages.error(request, str(error.detail))
        return redirect("simulation", simulation_id)
    messages.success(request, "The run and its result are deleted. What it cost stays in the ledger.")
    return redirect("simulations" if request.user.is_authenticated else "guest")


@require_POST
def pay(request: HttpRequest, simulation_id: str) -> HttpResponse:
    """Start a kept run with a credit, or go to the card with it; it starts by itself once paid."""
    found = access.own_simulation(request, simulation_id)
    product = request.POST.get("product", "single_run") if found.user else "single_run"
    if found.status != Status.AWAITING_PAYMENT:
        return redirect("simulation", simulation_id)
    if product == "credit" or entitlements.unused_payment(visitor_of(request)):
        return _start(request, found)
    try:
        pace_checkout(request)
        opened = payments.open_payment(product=product, user=found.user, simulation=found.public_id)
    except KeyError:
        messages.error(request, "Choose how to pay.")
    except APIException as error:
        messages.error(request, str(error.detail))
    else:
        payments.note_opened(opened.payment.public_id)
        return see_other(opened.checkout_url)
    return redirect("simulation", simulation_id)


def _start(request: HttpRequest, found: Simulation) -> HttpResponse:
    if not start.start(found, entitlements.with_unused_payment(visitor_of(request))):
        messages.error(request, "There is no credit left for this run.")
    waiting.until_finished(found, seconds=1)
    return redirect("simulation", found.public_id)
