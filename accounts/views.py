"""Pages of the account itself: overview, API tokens, deletion. Sign-in and passwords are allauth's."""

from __future__ import annotations

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import fresh_tokens, services
from accounts.errors import DeletionRefused
from accounts.forms import DeleteAccountForm, TokenForm
from accounts.models import ApiToken, User


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """E-mail, password, second factor, deletion: what there is to change, and where."""
    user = cast("User", request.user)
    context = {"token_count": user.auth_token_set.count(), "mfa_enabled": is_mfa_enabled(user)}
    return render(request, "account/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The API tokens of the account. A new one is shown on the page that follows and never again."""
    user = cast("User", request.user)
    form = TokenForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        _, secret = services.create_token(user, **form.cleaned_data)
        fresh_tokens.hand_on(request, secret)
        return redirect("tokens")
    context = {"form": form, "tokens": ApiToken.objects.filter(user=user), "now": timezone.now()}
    return render(request, "account/tokens.html", context | {"secret": fresh_tokens.take(request)})


@require_POST
@login_required
def revoke_token(request: HttpRequest, digest: str) -> HttpResponse:
    """Make a token worthless at once."""
    if not services.revoke_token(cast("User", request.user), digest=digest):
        raise Http404
    messages.success(request, "The token is revoked. Programs that used it are locked out.")
    return redirect("tokens")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is not typed
def delete_account(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, then do it."""
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.delete_account(cast("User", request.user))
        except DeletionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, "Your account is deleted. Goodbye, and thank you for the curves.")
            return redirect("landing")
    return render(request, "account/delete.html", {"form": form})
