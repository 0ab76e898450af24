"""POST /simulate, the one address most programs need."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts import rates
from billing.authentication import RunToken
from simulations.api import docs, present, requests
from simulations.api.base import ApiView
from simulations.api.prefer import wait_seconds
from simulations.errors import BadRequest, Busy, TokenSpent
from simulations.models import FmuHolding, IdempotencyKey, Simulation, Status
from simulations.models.fmu import SAMPLE_PREFIX
from simulations.services import asking, holdings, idempotency, intake, start, submit, uploads, waiting
from simulations.services.visitors import remember

LONGEST_KEY = 255
INTAKE_SECONDS = 60
_KEPT_HEADERS = ("Location", "Retry-After")


class SimulateView(ApiView):
    """Run one simulation: 200 when it finished within the wait, else 202."""

    def count(self, request: Request) -> None:
        """A form counts as an upload before its bytes are read; what else it was is known only from the body."""
        if request.method != "POST":
            super().count(request)
        elif requests.is_form(request):
            self.spend("upload")

    @docs.SIMULATE
    def post(self, request: Request) -> Response:
        return self.create(request)

    def create(self, request: Request) -> Response:
        if self.visitor.payment and requests.is_empty(request):
            self.spend(rates.general_bucket(self.visitor))
            return self.answer(request, self._paid_simulation())
        asked = requests.read(request)
        self._count_run(asked)
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self.answer(request, self._submit(request, asked))
        return self._answer_once(request, asked, _checked(key))

    def answer(self, request: Request, simulation: Simulation) -> Response:
        """The simulation once it is final or the wait is over; 402 while nobody has paid."""
        if simulation.status == Status.AWAITING_PAYMENT and (
            required := asking.payment_required(simulation, self.visitor)
        ):
            raise required
        finished = waiting.until_finished(simulation, seconds=wait_seconds(request))
        body = present.simulation(simulation, request, self.visitor)
        if finished:
            return Response(body)
        location = reverse("api-simulation", args=[simulation.public_id], request=request)
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": location, "Retry-After": "1"})

    def _count_run(self, asked: requests.RunRequest) -> None:
        """A form that turned out to be no upload counts as what it is."""
        if asked.fmu is None:
            if self.rate:
                rates.give_back(self.rate)
            sample = (asked.fmu_id or "").startswith(SAMPLE_PREFIX)
            self.spend("sample" if sample else rates.general_bucket(self.visitor))

    def _submit(self, request: Request, asked: requests.RunRequest, entry: IdempotencyKey | None = None) -> Simulation:
        holding = self._holding(request, asked)
        if not holding.is_sample:
            self._require_unspent()
        simulation = submit.submit(
            holding,
            asked.experiment,
            visitor=self.visitor,
            on_create=partial(idempotency.attach, entry, wait=wait_seconds(request)) if entry else None,
        )
        remember(request, simulation)
        return simulation

    def _holding(self, request: Request, asked: requests.RunRequest) -> FmuHolding:
        if asked.fmu is None:
            return holdings.find(asked.fmu_id or "", self.visitor)
        holding = uploads.receive(asked.fmu, sha256=asked.fmu.sha256, visitor=self.visitor)
        remember(request, holding)
        if not intake.await_verdict(holding, seconds=INTAKE_SECONDS):
            raise still_looking(holding)
        return holding

    def _answer_once(self, request: Request, asked: requests.RunRequest, key: str) -> Response:
        wait = INTAKE_SECONDS if asked.fmu else 0
        entry = idempotency.begin(self.visitor, key, asked=asked.fingerprint, wait=wait)
        if entry.answer_status:
            return _replayed(entry)
        try:
            response = self.answer(request, self._resumed(entry) or self._submit(request, asked, entry))
        except BaseException:
            idempotency.let_go(entry)
            raise
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        idempotency.keep(entry, status=response.status_code, headers=headers, body=JSONRenderer().render(response.data))
        return response

    def _resumed(self, entry: IdempotencyKey) -> Simulation | None:
        """The simulation that an unanswered request with this key made; started, if it can be paid for by now."""
        simulation = entry.simulation
        if simulation is None:
            return None
        idempotency.attach(entry, simulation, wait=wait_seconds(self.request))
        if simulation.status == Status.AWAITING_PAYMENT:
            start.start(simulation, self.visitor)
        return simulation

    def _paid_simulation(self) -> Simulation:
        payment = self.visitor.payment
        paid = (
            Simulation.objects.owned_by(self.visitor).filter(public_id=payment.simulation).first() if payment else None
        )
        if paid is None:
            raise BadRequest.field("fmu_id", "required", "This token has no simulation yet: send the request of one.")
        if paid.status == Status.AWAITING_PAYMENT:
            start.start(paid, self.visitor)
        return paid

    def _require_unspent(self) -> None:
        token = self.request.auth
        if isinstance(token, RunToken) and token.spent:
            simulation = token.payment.simulation
            raise TokenSpent(
                f"This token's run is taken by {simulation}. Send no body to read it; pay again for another run.",
                extra={"simulation": simulation},
            )


def still_looking(holding: FmuHolding) -> Busy:
    return Busy(
        f"The FMU is stored as {holding.public_id} and still being looked into. Run it by that id in a moment.",
        code="intake_pending",
        extra={"fmu": holding.public_id},
        headers={"Retry-After": "5"},
    )


def _checked(key: str) -> str:
    if not 0 < len(key) <= LONGEST_KEY:
        message = f"An Idempotency-Key has 1 to {LONGEST_KEY} characters."
        raise BadRequest.field("Idempotency-Key", "invalid", message)
    return key


def _replayed(entry: IdempotencyKey) -> Response:
    """The first answer again, byte for byte."""
    headers = {**entry.answer_headers, "Idempotent-Replayed": "true"}
    return HttpResponse(  # type: ignore[return-value]  # DRF passes any HttpResponse through
        entry.answer_body, status=entry.answer_status, content_type="application/json", headers=headers
    )
