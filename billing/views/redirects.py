"""Where a form leads after it was sent."""

from __future__ import annotations

from django.http import HttpResponseRedirect


def see_other(url: str) -> HttpResponseRedirect:
    """303: whatever brought you here, GET that."""
    return HttpResponseRedirect(url, status=303)
