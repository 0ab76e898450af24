"""What the owner has: everything that an address can name."""

from __future__ import annotations

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import ApiToken, User
from billing.models import Payment
from simulations.fmi.experiment import Column, Result
from simulations.fmi.inspection import DefaultExperiment, Inspection, Interface, Variable, Verdict
from simulations.models import Fmu, FmuHolding, Simulation, Status
from simulations.services import result_files

SECRET = "Zeppelin7"  # the name of the model: must not stand in anybody else's answer
INSPECTION = Inspection(
    fmi_version="2.0",
    model_name=SECRET,
    interfaces=(Interface(type="CoSimulation", model_identifier="zeppelin", library="binaries/linux64/zeppelin.so"),),
    platforms=("linux64",),
    variables=(Variable(name="h", type="Float64", value_reference=0, causality="output"),),
    default_experiment=DefaultExperiment(),
    verdict=Verdict(runs=True, summary="Runs here: yes", interface_type="CoSimulation", rung="native"),
)


def of(user: User) -> dict[str, str]:
    """Arguments of addresses by their names in the URLconf; `<waiting>` is a run that waits for payment."""
    holding = _holding(user)
    finished = _finished(user, holding)
    payment = Payment.objects.create(
        user=user, product="pack_10", runs=10, amount=800, currency="gbp", livemode=False, checkout_url="https://shop"
    )
    return {
        "fmu_id": holding.public_id,
        "simulation_id": finished.public_id,
        "waiting": _waiting(user, holding).public_id,
        "share_key": finished.share_key,
        "payment_id": payment.public_id,
        "digest": ApiToken.objects.get(user=user).digest,
    }


def _holding(user: User) -> FmuHolding:
    fmu = Fmu.objects.create(
        sha256="a" * 64,
        size=2,
        archive=default_storage.save("fmus/authorization.fmu", ContentFile(b"PK")),
        status=Fmu.Status.ACCEPTED,
        model_name=SECRET,
        fmi_version="2.0",
        inspection=INSPECTION.to_json(),
        verdict=INSPECTION.to_json()["verdict"],
    )
    return FmuHolding.objects.create(fmu=fmu, user=user)


def _finished(user: User, holding: FmuHolding) -> Simulation:
    """Succeeded, with its result, and open by its secret link."""
    columns = (Column(name="time"), Column(name="h"))
    simulation = _simulation(
        user,
        holding,
        status=Status.SUCCEEDED,
        is_shared=True,
        rows=2,
        columns=[{"name": column.name} for column in columns],
        finished_at=timezone.now(),
    )
    data = np.array([(0.0, 1.0), (1.0, 0.5)], dtype=[("time", "<f8"), ("h", "<f8")])
    simulation.result = result_files.store(simulation, Result(columns=columns, data=data))
    simulation.save()
    return simulation


def _waiting(user: User, holding: FmuHolding) -> Simulation:
    return _simulation(user, holding, status=Status.AWAITING_PAYMENT)


def _simulation(user: User, holding: FmuHolding, **fields: object) -> Simulation:
    return Simulation.objects.create(
        user=user,
        fmu=holding,
        fmu_public_id=holding.public_id,
        sha256=holding.fmu.sha256,
        model_name=SECRET,
        fmi_version="2.0",
        request={"start_time": 0.0, "stop_time": 1.0, "outputs": ["h"], "interface_type": "CoSimulation"},
        limits={},
        **fields,
    )
