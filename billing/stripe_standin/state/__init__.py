"""What the stand-in remembers: Stripe objects, idempotency keys and deliveries, in one SQLite file."""
