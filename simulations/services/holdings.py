"""An FMU by what a request calls it: `fmu_...`, `sample:BouncingBall`, `sha256:...`."""

from __future__ import annotations

import re

from fmugateway.prepared import Given, Prepared
from simulations.errors import UnknownFmu
from simulations.fmi.errors import FieldProblem
from simulations.fmi.nearest import Nearest
from simulations.models import FmuHolding
from simulations.models.fmu import SAMPLE_PREFIX
from simulations.visitor import Visitor

_LISTS = "GET /api/v1/fmus lists yours, and with ?owner=samples the samples."
_ID = re.compile("fmu_|sha256:")
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})", re.IGNORECASE)


def find(reference: str, visitor: Visitor) -> FmuHolding:
    """The holding that `reference` names for this visitor. Raises UnknownFmu; what is not theirs does not exist."""
    if match := _SHA256.fullmatch(reference):
        holding = _by_content(match[1].lower(), visitor)
    else:
        holding = _VISIBLE.first(user=visitor.user.pk if visitor.user else None, reference=reference)
    if holding is None:
        raise _unknown(reference)
    return holding


_VISIBLE = Prepared(
    lambda: FmuHolding.objects.light().visible_to_account(Given("user")).filter(public_id=Given("reference"))
)


def _by_content(sha256: str, visitor: Visitor) -> FmuHolding | None:
    """Own uploads and samples only: a hash must not tell that somebody else has these bytes."""
    same = FmuHolding.objects.light().filter(fmu__sha256=sha256)
    return same.owned_by(visitor).first() or same.samples().first()


def _unknown(reference: str) -> UnknownFmu:
    said = None if _ID.match(reference) else _among_samples(reference)
    message = said or f"There is no FMU '{reference[:100]}', or it is not yours. {_LISTS}"
    return UnknownFmu(message, errors=[FieldProblem("fmu_id", "unknown_fmu", message)])


def _among_samples(reference: str) -> str | None:
    """What to say of a name: samples have names, uploads have ids."""
    names = FmuHolding.objects.samples().values_list("public_id", flat=True)
    samples = {name.removeprefix(SAMPLE_PREFIX): name for name in names}
    if near := Nearest(samples).to(reference.removeprefix(SAMPLE_PREFIX)):
        return f"There is no FMU '{reference[:100]}'. Did you mean '{samples[near]}'?"
    if reference.startswith(SAMPLE_PREFIX):
        return f"There is no sample '{reference[:100]}'. There are: {', '.join(sorted(samples.values()))}."
    return None
