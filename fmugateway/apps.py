from django.apps import AppConfig
from django.conf import settings


class FmuGatewayConfig(AppConfig):
    name = "fmugateway"
    verbose_name = "FMU Gateway"

    def ready(self) -> None:
        import fmugateway.checks  # noqa: F401  importing it registers it

        if settings.SENTRY_DSN:
            from fmugateway import sentry

            sentry.start(settings.SENTRY_DSN)
