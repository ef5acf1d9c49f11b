from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "identity.trail"
    label = "trail"
