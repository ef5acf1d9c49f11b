from django.apps import AppConfig


class EditorConfig(AppConfig):
    name = "services.editor"
    label = "editor"
