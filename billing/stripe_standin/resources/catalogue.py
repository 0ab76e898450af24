"""Every operation the stand-in answers."""

from billing.stripe_standin.resources import (
    account,
    balance,
    charges,
    checkout,
    customers,
    disputes,
    endpoints,
    events,
    fraud,
    intents,
    invoices,
    methods,
    portal,
    prices,
    products,
    promotions,
    refunds,
    subscriptions,
)

_MODULES = (
    account,
    balance,
    charges,
    checkout,
    customers,
    disputes,
    endpoints,
    events,
    fraud,
    intents,
    invoices,
    methods,
    portal,
    prices,
    products,
    promotions,
    refunds,
    subscriptions,
)
ROUTES = [route for module in _MODULES for route in module.ROUTES]
