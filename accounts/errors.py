"""What can go wrong with an account."""

from __future__ import annotations


class DeletionRefused(Exception):
    """Something stands in the way of deleting the account; the message says what, and the next step."""
