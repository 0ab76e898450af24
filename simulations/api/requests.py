"""What is asked for, from JSON or from a form with files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from billing.api.strict import StrictSerializer
from simulations.api import bodies
from simulations.api.bodies import HashedFile
from simulations.api.fields import (
    NamesField,
    NumberField,
    ObjectField,
    SeriesField,
    TextField,
    TruthField,
)
from simulations.api.parsers import parse_json
from simulations.errors import BadRequest, DoesNotFit
from simulations.fmi import csv_inputs
from simulations.fmi.errors import ExperimentInvalid
from simulations.fmi.experiment import Experiment
from simulations.services import idempotency

_CHOICE = {"invalid_choice": "'{input}' is not known here; choose {choices}."}


class RunRequestSerializer(StrictSerializer):
    """One run. Everything but the FMU is optional: what is left out follows the model's DefaultExperiment."""

    null_is_open = True

    fmu_id = TextField(required=False, max_length=100, help_text="`fmu_...`, `sample:BouncingBall` or `sha256:...`.")
    interface_type = serializers.ChoiceField(
        ["CoSimulation", "ModelExchange"],
        required=False,
        error_messages={"invalid_choice": "'{input}' is no interface type; choose CoSimulation or ModelExchange."},
    )
    start_time = NumberField(required=False, help_text="In the model's unit of time, seconds unless it says otherwise.")
    stop_time = NumberField(required=False)
    output_interval = NumberField(required=False, help_text="Time between two rows of the result.")
    solver = serializers.ChoiceField(
        ["CVode", "Euler"],
        required=False,
        help_text="For Model Exchange.",
        error_messages={"invalid_choice": "'{input}' is no solver; choose CVode or Euler."},
    )
    step_size = NumberField(required=False, help_text="Of Euler, or of the communication steps of Co-Simulation.")
    relative_tolerance = NumberField(required=False)
    record_events = TruthField(required=False, help_text="Also a row before and after each event.")
    start_values = ObjectField(required=False, help_text="By variable name; nested lists for arrays.")
    inputs = SeriesField(required=False, help_text="Samples by name, with `time`.")
    outputs = NamesField(required=False, help_text="Names of variables to record.")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRequest:
    """fmu_id names an FMU that is there already; fmu is one that came along. Exactly one of them is set."""

    fmu_id: str | None
    fmu: HashedFile | None
    experiment: Experiment

    @property
    def fingerprint(self) -> str:
        fmu = f"sha256:{self.fmu.sha256}" if self.fmu else self.fmu_id
        return idempotency.fingerprint([fmu, asdict(self.experiment)])


def read(request: Request) -> RunRequest:
    """The request of a run. Raises what names every field at fault."""
    files = request.FILES if is_form(request) else {}
    serializer = RunRequestSerializer(data=_json_part(request) if is_form(request) else request.data)
    serializer.is_valid(raise_exception=True)
    fields: dict[str, Any] = dict(serializer.validated_data)
    fmu_id, fmu = fields.pop("fmu_id", None), files.get(bodies.FMU)
    _require_one_fmu(fmu_id, fmu)
    if (content := _csv_part(request, files, fields)) is not None:
        table = _table(content)
        fields |= {"inputs": table.columns, "input_units": table.units}
    if "outputs" in fields:
        fields["outputs"] = tuple(fields["outputs"])
    return RunRequest(fmu_id=fmu_id, fmu=fmu, experiment=Experiment(**fields))


def is_form(request: Request) -> bool:
    return (request.content_type or "").startswith("multipart/")


def is_empty(request: Request) -> bool:
    """Whether the request has no body: with a run token that asks for the paid simulation."""
    return not request.META.get("CONTENT_LENGTH") or request.META["CONTENT_LENGTH"] == "0" or request.data == {}


def _json_part(request: Request) -> Any:
    """The `request` part, as a field or as a file; other fields are mistakes."""
    if bodies.FMU in request.POST:
        raise BadRequest.field(bodies.FMU, "invalid", "'fmu' must be a file: -F fmu=@Drive.fmu, with the @.")
    if unknown := [name for name in request.POST if name not in (bodies.REQUEST, bodies.INPUTS)]:
        message = f"'{unknown[0][:100]}' is not a part of the form: put it into 'request', as JSON."
        raise BadRequest.field(unknown[0][:100], "unknown_field", message)
    for name in (bodies.REQUEST, bodies.INPUTS):
        if len(request.POST.getlist(name)) + (name in request.FILES) > 1:
            raise BadRequest.field(name, "repeated", bodies.TWICE.format(name))
    if bodies.REQUEST in request.FILES:
        return parse_json(request.FILES[bodies.REQUEST].read())
    return parse_json(request.POST[bodies.REQUEST].encode()) if request.POST.get(bodies.REQUEST) else {}


def _require_one_fmu(fmu_id: str | None, fmu: HashedFile | None) -> None:
    if fmu_id and fmu:
        raise BadRequest.field("fmu_id", "ambiguous", "Send either 'fmu_id' or the file part 'fmu', not both.")
    if not fmu_id and not fmu:
        message = "Name an FMU with 'fmu_id' (for example 'sample:BouncingBall'), or send one as the file part 'fmu'."
        raise BadRequest.field("fmu_id", "required", message)


def _csv_part(request: Request, files: Mapping[str, HashedFile], fields: Mapping[str, Any]) -> bytes | None:
    """The `inputs` part, as a file or as text."""
    text = request.POST.get(bodies.INPUTS) if is_form(request) else None
    if bodies.INPUTS not in files and text is None:
        return None
    if "inputs" in fields:
        raise BadRequest.field("inputs", "ambiguous", "Send the inputs in 'request' or as a part, not both.")
    return files[bodies.INPUTS].read() if text is None else text.encode()


def _table(content: bytes) -> csv_inputs.Table:
    try:
        text = csv_inputs.decode(content)
    except ExperimentInvalid as error:
        raise BadRequest.field("inputs", "bad_csv", str(error)) from error
    try:
        return csv_inputs.parse(text)
    except ExperimentInvalid as error:
        raise DoesNotFit.of(error) from error
