"""What a worker does with one queued simulation."""

from __future__ import annotations

from fmugateway.prepared import Given, Prepared
from simulations.fmi.errors import IntakeRefused, RunCanceled, SandboxError
from simulations.fmi.experiment import Outcome, RunMetrics
from simulations.models import Fmu, Simulation
from simulations.services import disk, engine, finish, leases, local_store
from simulations.services.experiments import experiment_of, limits_of
from simulations.services.files import NotStored
from simulations.services.inspections import inspection_of
from simulations.services.watch import Watch

ATTEMPTS = 2


def execute(simulation_pk: int) -> None:
    """Claim it, run it in the cage, finish it. No transaction is open while the solver runs."""
    simulation = leases.claim(simulation_pk)
    if simulation is None:
        return
    watch = Watch(simulation)
    outcome = _run(simulation, watch)
    if watch.lost:
        return
    if _was_handed_back(outcome, watch):
        finish.requeue(simulation, attempts=simulation.attempts - 1)
    elif _deserves_another_try(outcome, simulation):
        finish.requeue(simulation, attempts=simulation.attempts)
    else:
        _finish(simulation, outcome)


def _run(simulation: Simulation, watch: Watch) -> Outcome:
    try:
        fmu = _accepted(simulation.sha256)
        experiment = experiment_of(simulation)
        inspection = inspection_of(fmu)
        with local_store.using(fmu.sha256, fmu.archive):
            outcomes = engine.cage().run(
                fmu.sha256,
                [experiment],
                inspection=inspection,
                limits=limits_of(simulation),
                on_progress=watch.on_progress,
                should_stop=watch.should_stop,
            )
    except (Fmu.DoesNotExist, IntakeRefused, SandboxError, OSError) as error:
        engine.report_trouble(error)
        return Outcome(result=None, error=SandboxError(f"The run could not be set up: {error}"), metrics=RunMetrics())
    return outcomes[0]


_ACCEPTED = Prepared(lambda: Fmu.objects.defer("inspection").filter(sha256=Given("sha256"), status=Fmu.Status.ACCEPTED))


def _accepted(sha256: str) -> Fmu:
    if fmu := _ACCEPTED.first(sha256=sha256):
        return fmu
    raise Fmu.DoesNotExist(f"{sha256} was deleted.")


def _finish(simulation: Simulation, outcome: Outcome) -> None:
    """A storage that was away may be back for a second attempt: this one's lease ends, and the sweep queues it again.

    A full disk would be full the second time, too.
    """
    try:
        finish.finish(simulation, outcome)
    except NotStored as error:
        if simulation.attempts < ATTEMPTS and not disk.was_full(error):
            raise
        finish.fail_unstored(simulation, error)


def _was_handed_back(outcome: Outcome, watch: Watch) -> bool:
    """Stopped because this worker stops, not because anybody canceled it."""
    return isinstance(outcome.error, RunCanceled) and not watch.canceled


def _deserves_another_try(outcome: Outcome, simulation: Simulation) -> bool:
    """A cage that could not be set up is ours: once more, on whichever worker is free."""
    return isinstance(outcome.error, SandboxError) and simulation.attempts < ATTEMPTS
