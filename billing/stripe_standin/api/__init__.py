"""Stripe's REST dialect: forms in, JSON out, errors, pages of lists, idempotency."""
