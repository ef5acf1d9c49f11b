from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "identity.offices"
    label = "offices"
