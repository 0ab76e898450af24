"""API tokens, and what other packages register: without secrets, in the admin's look."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from unfold.admin import ModelAdmin

from accounts.models import ApiToken
from accounts.staff import ReadOnlyAdmin

# Seeds of second steps, keys of providers, tokens of people: nobody needs to read them. E-mail addresses change
# through their owner, who confirms them.
for secret in (Authenticator, SocialApp, SocialToken, SocialAccount, EmailAddress, Group):
    admin.site.unregister(secret)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc]  # unfold is not typed
    """Who of the staff may do what: give groups rights, and people groups."""


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Only whose, and when it was used. Revoking it is deleting it."""

    fields = list_display = ["name", "token_key", "user", "created", "expiry", "last_used_at"]
    search_fields = ["token_key", "user__email", "name"]
    list_select_related = ["user"]

    def has_delete_permission(self, request, obj=None) -> bool:  # type: ignore[no-untyped-def]
        return bool(request.user.has_perm("accounts.delete_apitoken"))


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What staff did, with their reasons."""

    fields = list_display = ["action_time", "user", "content_type", "object_repr", "what"]
    list_filter = ["content_type"]
    search_fields = ["object_repr", "change_message", "user__email"]
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"

    @admin.display(description="What and why")
    def what(self, entry: LogEntry) -> str:
        return str(entry.get_change_message())
