"""Redeem an invite code."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from billing.errors import InviteRefused
from billing.grants import grant
from billing.models import CreditLot, InviteCode, InviteRedemption, LotSource


def redeem(user: User, code: str) -> CreditLot:
    """The code's runs, once an account, while the code lasts. Raises InviteRefused with the reason."""
    invite = InviteCode.objects.filter(code=code.strip().upper()).first()
    if invite is None:
        raise InviteRefused("There is no such invite code: check it for typing errors.")
    try:
        with transaction.atomic():
            return _redeem(user, invite)
    except IntegrityError as error:
        raise InviteRefused("This account has used this code already.") from error


def _redeem(user: User, invite: InviteCode) -> CreditLot:
    in_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    free = InviteCode.objects.filter(in_time, pk=invite.pk, redeemed__lt=F("max_redemptions"))
    if not free.update(redeemed=F("redeemed") + 1):
        raise InviteRefused("This invite code has expired or was used up.")
    lot = grant(source=LotSource.GOODWILL, quantity=invite.runs, reference=f"invite:{invite.pk}:{user.pk}", user=user)
    InviteRedemption.objects.create(invite=invite, user=user, lot=lot)
    return lot
