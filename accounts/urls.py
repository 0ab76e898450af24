"""Addresses of the account's own pages."""

from __future__ import annotations

from django.urls import path

from accounts import views

urlpatterns = [
    path("dashboard/account/", views.account, name="account"),
    path("dashboard/account/delete/", views.delete_account, name="delete_account"),
    path("dashboard/tokens/", views.tokens, name="tokens"),
    path("dashboard/tokens/<str:digest>/revoke/", views.revoke_token, name="revoke_token"),
]
