from django.apps import AppConfig


class SimulationsConfig(AppConfig):
    name = "simulations"

    def ready(self) -> None:
        from billing.ownership import register
        from simulations import receivers  # noqa: F401  connects them
        from simulations.ownership import owns
        from simulations.services.start import awaits_payment

        register(owns, awaits_payment)
