"""Put the parts together: state, API, webhooks, recorder."""

import threading

from billing.stripe_standin.api.dispatch import Answer, Request, answer
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.outage import Fault, Outage
from billing.stripe_standin.recorder import Recorder
from billing.stripe_standin.resources.catalogue import ROUTES
from billing.stripe_standin.resources.checkout import expire_overdue
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Store
from billing.stripe_standin.webhooks.deliveries import Deliveries, first_deliveries

_EXPIRY_SECONDS = 15


class App:
    def __init__(self, *, base_url: str, site_url: str, data: str = ":memory:", record: str | None = None) -> None:
        store = Store(data)
        self.recorder, self.outage, self.deliveries = Recorder(record), Outage(), Deliveries(store)
        self.backend = Backend(
            store, base_url, site_url, self.recorder.event, lambda: first_deliveries(self.deliveries.mood)
        )

    def api(self, request: Request) -> Answer | None:
        """The answer, or None when the connection is to be dropped."""
        fault = self.outage.strikes()
        if fault is Fault.ERROR:
            return Answer(503, StripeError(503, "Stripe is down (so the stand-in was told).", type_="api_error").body())
        result = answer(self.backend, ROUTES, request) if fault is not Fault.HANG_UP else None
        if result:
            self.recorder.exchange(request, result)
        self.deliveries.wake()
        return None if fault else result

    def keep_time(self) -> None:
        """Expire sessions whose time is over, in the background."""
        threading.Thread(target=self._expire_forever, name="clock", daemon=True).start()

    def _expire_forever(self) -> None:
        pause = threading.Event()
        while not pause.wait(_EXPIRY_SECONDS):
            with self.backend.turn():
                expire_overdue(self.backend)
            self.deliveries.wake()
