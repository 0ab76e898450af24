"""Walks through the running site: real server, real workers, real cage, real browser, the Stripe stand-in."""
