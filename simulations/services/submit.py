"""The one way into the queue, for the API and the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from billing.plans import run_limits
from fmugateway.prepared import Given, Prepared
from simulations.errors import CannotRunHere, DoesNotFit
from simulations.fmi import check
from simulations.fmi.errors import ExperimentInvalid
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.models import AccountLimits, FmuHolding, Simulation, Status
from simulations.services import charging, pressure, workers
from simulations.services.experiments import columns_of
from simulations.services.inspections import inspection_of
from simulations.services.queue import enqueue_run
from simulations.services.start import start
from simulations.visitor import Visitor

SAMPLE_SECONDS = 10.0


def submit(
    holding: FmuHolding,
    experiment: Experiment,
    *,
    visitor: Visitor,
    on_create: Callable[[Simulation], None] | None = None,
) -> Simulation:
    """Check the experiment against the model, keep it, reserve a credit, and queue it.

    Without a credit it is kept as awaiting_payment; answer that with payments.payment_required.
    on_create joins the transaction that creates the row. Raises DoesNotFit, CannotRunHere, AccountBlocked, Busy.
    """
    workers.require_isolation()
    ahead = pressure.require_room(visitor.user)
    limits = limits_for(visitor, holding)
    effective = resolve(inspection_of(holding.fmu), experiment, limits)
    simulation = _new(holding, effective, limits, visitor)
    with transaction.atomic():
        if charging.is_free(holding) or charging.hold(simulation, visitor, is_new=True):
            simulation.status, simulation.queued_at = Status.QUEUED, timezone.now()
        simulation.save()
        _note_use(holding)
        if on_create:
            on_create(simulation)
        if simulation.status == Status.QUEUED:
            enqueue_run(simulation, ahead=ahead)
    if simulation.status == Status.AWAITING_PAYMENT and visitor.user is not None:
        # A credit that came while this was not yet committed found nothing that waited.
        start(simulation, visitor)
    return simulation


def resolve(inspection: Inspection, experiment: Experiment, limits: Limits) -> Experiment:
    """The experiment with nothing left open. Raises CannotRunHere with the verdict, DoesNotFit with every bad field."""
    verdict = inspection.verdict
    if not verdict.runs:
        detail = " ".join(filter(None, (verdict.summary, verdict.next_step)))
        raise CannotRunHere(detail, code=verdict.code or CannotRunHere.default_code)
    try:
        return check.resolve(inspection, experiment, limits)
    except ExperimentInvalid as error:
        raise DoesNotFit.of(error) from error


def limits_for(visitor: Visitor, holding: FmuHolding) -> Limits:
    """What a run may take: the account's own limits, the pilot's or everybody's; of a sample less: nobody pays."""
    limits = _limits_of(visitor)
    if not holding.is_sample:
        return limits
    wall, cpu = min(limits.wall_seconds, SAMPLE_SECONDS), min(limits.cpu_seconds, SAMPLE_SECONDS)
    return replace(limits, wall_seconds=wall, cpu_seconds=cpu)


def _limits_of(visitor: Visitor) -> Limits:
    if visitor.user is None:
        return Limits(**settings.RUN_LIMITS)
    if agreed := _AGREED.first(user=visitor.user.pk):
        return Limits(**{name: getattr(agreed, name) for name in settings.RUN_LIMITS})
    return Limits(**(settings.PILOT_RUN_LIMITS if run_limits(visitor.user) == "pilot" else settings.RUN_LIMITS))


_AGREED = Prepared(lambda: AccountLimits.objects.filter(user_id=Given("user")))


def _note_use(holding: FmuHolding) -> None:
    """Remember the last use, to the minute: runs of one FMU do not wait for each other's writes."""
    now = timezone.now()
    if holding.last_used_at is None or now - holding.last_used_at > timedelta(minutes=1):
        FmuHolding.objects.filter(pk=holding.pk).update(last_used_at=now)


def _new(holding: FmuHolding, experiment: Experiment, limits: Limits, visitor: Visitor) -> Simulation:
    return Simulation(
        user=visitor.user,
        payment=visitor.payment.public_id if visitor.payment else "",
        fmu=holding,
        fmu_public_id=holding.public_id,
        sha256=holding.fmu.sha256,
        model_name=holding.fmu.model_name,
        fmi_version=holding.fmu.fmi_version,
        is_sample=holding.is_sample,
        status=Status.AWAITING_PAYMENT,
        limits=asdict(limits),
        **columns_of(experiment),
    )
