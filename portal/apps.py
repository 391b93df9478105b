from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        # Imported here because the wiring needs the models that are loaded by now.
        from portal import checks, wiring  # noqa: F401, PLC0415

        wiring.install()
