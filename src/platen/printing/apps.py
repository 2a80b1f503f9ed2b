from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "platen.printing"

    def ready(self) -> None:
        """Listen to the applications below."""
        from platen.printing import listeners

        del listeners  # imported for what importing it registers
