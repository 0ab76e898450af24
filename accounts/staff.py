"""What staff do to somebody's things: a reason is asked for first, and written down after. All admins use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget


class ActionRefused(Exception):
    """The action makes no sense now; the message says why and what to do instead."""


class ReasonForm(forms.Form):
    """Subclasses ask for more."""

    reason = forms.CharField(
        min_length=3,
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Kept in the log of what staff did.",
    )


def staff_action[F: Callable[..., HttpResponse]](*, description: str, permission: str, icon: str) -> Callable[[F], F]:
    """A button on a thing's page, for those whom the admin's `has_<permission>_permission` lets."""
    return cast("Callable[[F], F]", action(description=description, permissions=[permission], icon=icon))


def ask_and_act(
    admin: ModelAdmin,
    request: HttpRequest,
    object_id: str | int,
    *,
    title: str,
    warning: str,
    act: Callable[[Any, dict[str, Any]], str],
    form_class: type[ReasonForm] = ReasonForm,
    **form_options: Any,
) -> HttpResponse:
    """A page that asks; on POST `act(object, answers)`, which says what it did or raises ActionRefused."""
    thing = get_object_or_404(admin.get_queryset(request), pk=object_id)
    form = form_class(request.POST or None, **form_options)
    if request.method == "POST" and form.is_valid():
        try:
            done = act(thing, form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _written_down(admin, request, thing, title, done, form.cleaned_data["reason"])
    context = admin.admin_site.each_context(request) | {
        "title": title,
        "opts": admin.model._meta,
        "original": thing,
        "warning": warning,
        "form": form,
        "media": admin.media + form.media,
        "back": _change_url(admin, thing),
    }
    return render(request, "admin/owner/ask.html", context, status=400 if form.errors else 200)


def _written_down(
    admin: ModelAdmin, request: HttpRequest, thing: Model, title: str, done: str, reason: str
) -> HttpResponse:
    admin.log_change(request, thing, f"{title}: {done} Reason: {reason}")
    messages.success(request, done)
    return redirect(_change_url(admin, thing))


def _change_url(admin: ModelAdmin, thing: Model) -> str:
    options = admin.model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[thing.pk])


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is not typed
    """What happened is looked at, not edited."""

    list_fullwidth = True
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
