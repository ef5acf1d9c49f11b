"""How django-allauth meets our accounts. What it calls a phone is our contact: a phone number or an e-mail address."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.forms import Field, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from identity.people import actions, contacts, messages, queries
from identity.people.fields import ContactField
from identity.people.models import Person
from portal.kit.refusal import Refused

SAID = {
    "account/messages/password_changed.txt": _("The password has been changed."),
    "account/messages/phone_verified.txt": _("%(phone)s is confirmed."),
    "account/messages/logged_out.txt": _("You are signed out."),
}
"""What the portal says after an act; allauth's other messages are left unsaid, because the page itself shows them."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Contacts, messages and addresses of the portal."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The account or the password is not right. Check both and try again."),
        "phone_password_mismatch": _("The account or the password is not right. Check both and try again."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_code": _("This is not the code that was sent. Check the newest message and type its six digits."),
        "phone_taken": _("Another account has this phone number or e-mail address."),
        "same_as_current": _("This is the one the account already has."),
        "enter_current_password": _("This is not the current password."),
        "rate_limited": _("A code was sent a moment ago. Wait half a minute before asking for another."),
    }

    def phone_form_field(self, **kwargs: Any) -> Field:
        """The field of a contact."""
        return ContactField(**kwargs)

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        """The contact and whether it is confirmed. An administrator vouches for a work account; it need not have a contact."""
        contact, confirmed = queries.contact_of(user)
        return contact, confirmed or user.is_official

    def get_user_by_phone(self, phone: str) -> Person | None:
        return queries.person_by_contact(phone)

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        self.set_phone_verified(user, phone)

    def set_phone_verified(self, user: Person, phone: str) -> None:
        try:
            actions.confirm_contact(user, phone)
        except Refused as refused:
            raise ValidationError(refused.message) from None

    def set_password(self, user: Person, password: str) -> None:
        actions.change_password(user, password)

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs: Any) -> None:
        messages.send_code(phone, code)

    def send_account_already_exists_sms(self, phone: str) -> None:
        messages.send_already_registered(phone)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        messages.send_unknown_account(phone)

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Resetting a password: the code, or word that there is no account; to an e-mail address or a phone."""
        if template_prefix == "account/email/password_reset_code":
            messages.send_reset_code(email, context["code"])
        elif template_prefix == "account/email/unknown_account":
            messages.send_unknown_account(email)
        else:
            raise ValueError(template_prefix)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Mapping[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if message_template in SAID:
            known = dict(message_context or {})
            if "phone" in known:
                known["phone"] = contacts.shown(known["phone"])
            message = str(SAID[message_template]) % known
        if message:
            super().add_message(request, level, message=str(message), extra_tags=extra_tags)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """After signing in: the person's language, and a shorter session for work accounts."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.is_official:
            request.session.set_expiry(settings.OFFICIAL_SESSION_SECONDS)
        remember_language(response, user.language)
        return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language in the cookie that Django's LocaleMiddleware reads."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
