"""Shapes of the answers, for the OpenAPI document; present.py makes them, the tests hold the two together."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from billing.api.bodies import OpenPayment, Option, ProblemBody
from simulations.models import Fmu, Status

CAUSALITIES = ("parameter", "calculatedParameter", "structuralParameter", "input", "output", "local", "independent")
_ANY_VALUE: dict[str, Any] = {
    "description": "A number, a truth value, a text, or nested lists of them for an array, row by row.",
    "oneOf": [
        {"type": "number"}, {"type": "boolean"}, {"type": "string"}, {"type": "array", "items": {}},
    ],
}  # fmt: skip
_SAMPLE = {"oneOf": [{"type": "number"}, {"type": "boolean"}, {"type": "string"}]}
_SAMPLES = {"type": "array", "items": _SAMPLE}
_COLUMN = {"type": "array", "items": {**_SAMPLE, "nullable": True}}


@extend_schema_field({"type": "object", "additionalProperties": _ANY_VALUE})
class Values(serializers.JSONField):
    pass


@extend_schema_field({"type": "object", "additionalProperties": _SAMPLES})
class Samples(serializers.JSONField):
    pass


@extend_schema_field({"type": "object", "additionalProperties": _COLUMN})
class Series(serializers.JSONField):
    pass


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Names(serializers.JSONField):
    pass


class Shape(serializers.Serializer[Any]):
    """Only described, never run."""


class SimulatedFmu(Shape):
    id = serializers.CharField()
    model_name = serializers.CharField()
    fmi_version = serializers.CharField()
    sha256 = serializers.CharField()


class EffectiveRequest(Shape):
    fmu_id = serializers.CharField()
    interface_type = serializers.ChoiceField(["CoSimulation", "ModelExchange"])
    start_time = serializers.FloatField()
    stop_time = serializers.FloatField()
    output_interval = serializers.FloatField()
    solver = serializers.ChoiceField(["CVode", "Euler"], allow_null=True)
    step_size = serializers.FloatField(allow_null=True)
    relative_tolerance = serializers.FloatField(allow_null=True)
    record_events = serializers.BooleanField()
    start_values = Values()
    inputs = Samples(allow_null=True, help_text="Of very many samples only `columns` and `rows`.")
    outputs = Names()


class ResultColumn(Shape):
    name = serializers.CharField()
    unit = serializers.CharField(allow_null=True)


class ResultUrls(Shape):
    csv = serializers.URLField()
    json = serializers.URLField()
    npz = serializers.URLField()


class SimulationResult(Shape):
    rows = serializers.IntegerField()
    columns = ResultColumn(many=True)
    data = Series(allow_null=True, help_text="Whole up to 10,000 values, else thinned out.")  # type: ignore[assignment]
    complete = serializers.BooleanField(help_text="Whether `data` is everything that was simulated.")
    urls = ResultUrls(allow_null=True, help_text="Of a simulation that succeeded.")


class RunFault(Shape):
    code = serializers.CharField()
    message = serializers.CharField()


class RunError(RunFault):
    log = serializers.CharField(help_text="What the FMU and the solver said.")


class RunMetrics(Shape):
    queue_seconds = serializers.FloatField(allow_null=True)
    run_seconds = serializers.FloatField(allow_null=True)
    cpu_seconds = serializers.FloatField(allow_null=True)
    peak_memory_bytes = serializers.IntegerField(allow_null=True)


class RunBilling(Shape):
    charged = serializers.IntegerField(help_text="Credits that this run cost: 1 or 0.")
    credits_available = serializers.IntegerField(allow_null=True, help_text="Null without an account.")


class SimulationSummary(Shape):
    object = serializers.ChoiceField(["simulation"])
    id = serializers.CharField()
    url = serializers.URLField()
    status = serializers.ChoiceField(Status.values)
    fmu = SimulatedFmu()
    progress = serializers.FloatField(min_value=0, max_value=1)
    rows = serializers.IntegerField(allow_null=True)
    error = RunFault(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class SimulationBody(Shape):
    object = serializers.ChoiceField(["simulation"])
    id = serializers.CharField()
    url = serializers.URLField()
    status = serializers.ChoiceField(Status.values)
    fmu = SimulatedFmu()
    request = EffectiveRequest(help_text="The effective values, defaults filled in.")
    progress = serializers.FloatField(min_value=0, max_value=1)
    result = SimulationResult(allow_null=True)
    error = RunError(allow_null=True)
    notes = Names(help_text="Repairs that were needed, one sentence each.")
    metrics = RunMetrics()
    billing = RunBilling()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class FmuVerdict(Shape):
    runs = serializers.BooleanField()
    summary = serializers.CharField()
    interface_type = serializers.CharField(allow_null=True, required=False)
    rung = serializers.CharField(allow_null=True, required=False, help_text="How: native, repaired, compiled, ...")
    code = serializers.CharField(allow_null=True, required=False)
    next_step = serializers.CharField(allow_null=True, required=False)


class FmuSummary(Shape):
    object = serializers.ChoiceField(["fmu"])
    id = serializers.CharField()
    url = serializers.URLField()
    status = serializers.ChoiceField(Fmu.Status.values)
    model_name = serializers.CharField(allow_blank=True)
    fmi_version = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField()
    size_bytes = serializers.IntegerField()
    file_name = serializers.CharField(allow_blank=True)
    is_sample = serializers.BooleanField()
    verdict = FmuVerdict(allow_null=True)
    created_at = serializers.DateTimeField()


class FmuInterface(Shape):
    type = serializers.ChoiceField(["CoSimulation", "ModelExchange"])
    model_identifier = serializers.CharField()
    library = serializers.CharField(allow_null=True, help_text="The shared library that runs here.")
    needs_execution_tool = serializers.BooleanField()
    has_event_mode = serializers.BooleanField()
    can_handle_variable_step = serializers.BooleanField()
    might_return_early = serializers.BooleanField()
    provides_intermediate_update = serializers.BooleanField()
    needs_completed_step = serializers.BooleanField()
    fixed_step = serializers.FloatField(allow_null=True)


class FmuDefaultExperiment(Shape):
    start_time = serializers.FloatField(allow_null=True)
    stop_time = serializers.FloatField(allow_null=True)
    tolerance = serializers.FloatField(allow_null=True)
    step_size = serializers.FloatField(allow_null=True)


class FmuFinding(Shape):
    level = serializers.ChoiceField(["error", "warning", "info"])
    code = serializers.CharField()
    message = serializers.CharField()


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class Counts(serializers.JSONField):
    pass


class FmuVariables(Shape):
    count = serializers.IntegerField()
    by_causality = Counts()
    url = serializers.URLField()


class FmuBody(FmuSummary):
    """What is inside stands there once `status` is `accepted`."""

    error = RunFault(required=False, help_text="Of an FMU that was refused.")
    interfaces = FmuInterface(many=True, required=False)
    platforms = Names(required=False)
    default_experiment = FmuDefaultExperiment(required=False)
    instantiation_token = serializers.CharField(allow_null=True, required=False)
    description = serializers.CharField(allow_null=True, required=False)
    author = serializers.CharField(allow_null=True, required=False)
    version = serializers.CharField(allow_null=True, required=False)
    copyright = serializers.CharField(allow_null=True, required=False)
    license = serializers.CharField(allow_null=True, required=False)
    generation_tool = serializers.CharField(allow_null=True, required=False)
    generation_date_and_time = serializers.CharField(allow_null=True, required=False)
    number_of_continuous_states = serializers.IntegerField(required=False)
    number_of_event_indicators = serializers.IntegerField(required=False)
    has_sources = serializers.BooleanField(required=False)
    has_documentation = serializers.BooleanField(required=False)
    findings = FmuFinding(many=True, required=False)
    variables = FmuVariables(required=False)


class FmuVariable(Shape):
    name = serializers.CharField()
    type = serializers.CharField(help_text="FMI 3's words: Float64, Int32, Boolean, String, Enumeration, ...")
    value_reference = serializers.IntegerField()
    causality = serializers.CharField()
    variability = serializers.CharField(allow_null=True)
    initial = serializers.CharField(allow_null=True)
    start = serializers.JSONField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    display_unit = serializers.CharField(allow_null=True)
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    nominal = serializers.FloatField(allow_null=True)
    dimensions = serializers.ListField(child=serializers.IntegerField(), help_text="Empty for a scalar.")
    size_of = serializers.ListField(child=serializers.CharField(allow_null=True))
    enumeration = Counts(allow_null=True)
    description = serializers.CharField(allow_null=True)
    alias_of = serializers.CharField(allow_null=True)
    negated = serializers.BooleanField(help_text="An alias of the opposite sign (FMI 1).")


class RunForm(Shape):
    fmu = serializers.FileField(help_text="The FMU; or name one with `fmu_id` in `request`.", required=False)
    request = serializers.CharField(help_text="The same JSON as without files.", required=False)
    inputs = serializers.FileField(help_text="CSV, first column `time`.", required=False)


class UploadForm(Shape):
    fmu = serializers.FileField()


class ResultFile(Shape):
    rows = serializers.IntegerField()
    columns = ResultColumn(many=True)
    complete = serializers.BooleanField()
    data = Series()  # type: ignore[assignment]


class PaymentRequiredBody(ProblemBody):
    """402: everything that is needed to pay."""

    amount = serializers.IntegerField(help_text="Minor units.")
    currency = serializers.CharField()
    checkout_url = serializers.URLField(help_text="A person opens it and pays; the kept simulation then starts.")
    simulation = serializers.CharField()
    payment = OpenPayment()
    options = Option(many=True)


class Page(Shape):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class SimulationPage(Page):
    results = SimulationSummary(many=True)


class FmuPage(Page):
    results = FmuSummary(many=True)


class FmuVariablePage(Page):
    count = serializers.IntegerField()
    results = FmuVariable(many=True)
