from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "services.cases"
    label = "cases"

    def ready(self) -> None:
        """What is begun without signing in becomes the person's when they sign in."""
        from django.contrib.auth.signals import user_logged_in

        from services.cases.adoption import adopt_on_sign_in

        user_logged_in.connect(adopt_on_sign_in, dispatch_uid="services.cases.adoption")
