from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing import account_news, checks, receivers, triggers  # noqa: F401  importing them registers them

        post_migrate.connect(triggers.install, sender=self, dispatch_uid="billing.triggers")
