from django.apps import AppConfig

from portal.dev import native


class DevConfig(AppConfig):
    name = "portal.dev"
    label = "dev"

    def ready(self) -> None:
        # Web, worker and tests draw PDF with libraries that may have been unpacked privately.
        native.preload()
