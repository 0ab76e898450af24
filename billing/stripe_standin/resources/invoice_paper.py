"""The invoice as a document: number, lines, sums, links."""

import stripe

from billing.stripe_standin.api.listing import page
from billing.stripe_standin.resources import account
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj


def write(backend: Backend, id_: str, customer_id: str, rows: list[Obj], reason: str, parent: Obj | None) -> Obj:
    """A draft with these lines, numbered after the customer's last one."""
    customer, now = backend.need("customer", customer_id), backend.now()
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    customer["next_invoice_sequence"] += 1
    subtotal, off = sum(row["subtotal"] for row in rows), [part for row in rows for part in row["discount_amounts"]]
    amount = subtotal - sum(part["amount"] for part in off)
    return backend.add(
        stripe.Invoice,
        "in",
        id=id_,
        account_country="GB",
        account_name=account.NAME,
        amount_due=amount,
        amount_overpaid=0,
        amount_paid=0,
        amount_paid_off_stripe=0,
        amount_remaining=amount,
        amount_shipping=0,
        attempt_count=0,
        attempted=False,
        auto_advance=False,
        automatic_tax={**dict.fromkeys(("disabled_reason", "liability", "provider", "status")), "enabled": False},
        billing_reason=reason,
        collection_method="charge_automatically",
        currency=rows[0]["currency"],
        customer=customer_id,
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_tax_exempt="none",
        customer_tax_ids=[],
        default_tax_rates=[],
        discounts=[part["discount"] for part in off],
        effective_at=now,
        ending_balance=0,
        hosted_invoice_url=f"{backend.base_url}/i/{id_}",
        invoice_pdf=f"{backend.base_url}/i/{id_}/pdf",
        issuer={"type": "self"},
        lines=page(f"/v1/invoices/{id_}/lines", rows),
        metadata={},
        number=number,
        parent=parent,
        payment_settings=dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
        period_start=rows[0]["period"]["start"],
        period_end=now,
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        starting_balance=0,
        status="draft",
        subtotal=subtotal,
        subtotal_excluding_tax=subtotal,
        total=amount,
        total_excluding_tax=amount,
        status_transitions={"finalized_at": now, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        total_discount_amounts=off,
        total_pretax_credit_amounts=[],
        total_taxes=[],
    )
