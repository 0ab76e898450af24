"""Forms with files: judged by their size before a byte is read, streamed to disk, then checked like any form."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from rest_framework.exceptions import APIException

from simulations.api import bodies

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def streams_files[**P](
    refuse: Callable[Concatenate[HttpRequest, APIException, P], HttpResponse],
) -> Callable[[View[P]], View[P]]:
    """The view gets its files hashed and on disk; `refuse` answers what cannot be read."""

    def decorate(view: View[P]) -> View[P]:
        protected = csrf_protect(view)

        # The CSRF check reads the form, so the guard has to come first.
        @csrf_exempt
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if request.method == "POST":
                    bodies.guard(request)
                return protected(request, *args, **kwargs)
            except APIException as error:
                return refuse(request, error, *args, **kwargs)

        guarded.judges_bodies = True  # type: ignore[attr-defined]
        return update_wrapper(guarded, view)  # type: ignore[return-value]  # it is still a view

    return decorate
