"""News from below, and files that go with their rows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from accounts.signals import account_deleted
from billing.closing import close_after_commit
from billing.models import Payment
from billing.signals import credits_granted, payment_settled
from simulations.models import Fmu, FmuHolding, Simulation, Status
from simulations.services import charging, deletion, local_store, result_files, start, uploads, visitors


@receiver(payment_settled)
def start_the_paid_simulation(payment: Payment, **kwargs: Any) -> None:
    start.start_paid(payment)


@receiver(credits_granted)
def start_the_waiting_simulations(user: User, **kwargs: Any) -> None:
    start.start_waiting(user)


@receiver(user_logged_in)
def keep_what_the_guest_made(request: HttpRequest, user: User, **kwargs: Any) -> None:
    visitors.adopt(request, user)


@receiver(account_deleted)
def forget_what_the_account_made(user: User, **kwargs: Any) -> None:
    deletion.delete_everything_of(user)


@receiver(post_delete, sender=FmuHolding)
def drop_content_that_nobody_has(instance: FmuHolding, **kwargs: Any) -> None:
    uploads.drop_unheld(instance.fmu_id)


@receiver(post_delete, sender=Fmu)
def delete_archive(instance: Fmu, **kwargs: Any) -> None:
    if instance.archive:
        transaction.on_commit(partial(default_storage.delete, instance.archive))
    transaction.on_commit(partial(local_store.forget, instance.sha256))


@receiver(post_delete, sender=Simulation)
def give_back_and_delete_result(instance: Simulation, **kwargs: Any) -> None:
    if not instance.is_final:
        charging.settle(instance, charge=False)
    if instance.status == Status.AWAITING_PAYMENT:
        close_after_commit(instance.public_id)
    if instance.result:
        transaction.on_commit(partial(result_files.delete, instance.result))
