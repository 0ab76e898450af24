"""The one account there is."""

import stripe
import stripe.params as p

from billing.stripe_standin import ACCOUNT_ID
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.objects import make
from billing.stripe_standin.state.store import Obj

NAME = "FMU Gateway (stand-in)"


def account() -> Obj:
    return make(
        stripe.Account,
        id=ACCOUNT_ID,
        type="standard",
        country="GB",
        default_currency="gbp",
        email="standin@example.test",
        charges_enabled=True,
        payouts_enabled=True,
        details_submitted=True,
        created=1_700_000_000,
        metadata={},
        controller={"type": "account"},
        settings=_settings(),
    )


def _settings() -> Obj:
    return {
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_payments": dict.fromkeys(_with_scripts("statement_descriptor_prefix")),
        "dashboard": {"display_name": NAME, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": None},
        "payments": dict.fromkeys(_with_scripts("statement_descriptor")),
        "sepa_debit_payments": {},
    }


def _with_scripts(name: str) -> list[str]:
    return [name, f"{name}_kana", f"{name}_kanji"]


def _retrieve(backend: Backend, params: Obj, id_: str = ACCOUNT_ID) -> Obj:
    if id_ != ACCOUNT_ID:
        raise StripeError.missing("account", id_)
    return account()


ROUTES = [
    Route("GET", "/v1/account", p.AccountRetrieveCurrentParams, _retrieve),
    Route("GET", "/v1/accounts/{id}", p.AccountRetrieveParams, _retrieve),
]
