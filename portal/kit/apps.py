from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "portal.kit"
    label = "kit"

    def ready(self) -> None:
        # A web process sends tasks by name and does not import them by itself.
        from portal.celery import app

        app.autodiscover_tasks(force=True)
