import stripe
from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        from billing import account_news, checks, receivers, triggers  # noqa: F401  importing them registers them

        # dj-stripe leaves the version out of some questions.
        stripe.api_version = settings.STRIPE_API_VERSION
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="billing.triggers")
