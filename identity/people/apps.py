from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "identity.people"
    label = "people"
