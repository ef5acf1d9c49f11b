"""Codes and notices about an account, sent ahead of all others to the contact that was typed."""

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from identity.people import contacts


def send_code(contact: str, code: str) -> None:
    """The code that proves that the contact is theirs."""
    _send(
        contact,
        _("Your code for %(portal)s") % _names(),
        _("%(code)s is the code to confirm this contact at %(portal)s, %(place)s. It is good for 15 minutes.")
        % (_names() | {"code": code}),
        _("Nobody from the authorities will ask for it. If you did not ask for a code, there is nothing to do."),
    )


def send_reset_code(contact: str, code: str) -> None:
    """The code that lets its owner choose a new password."""
    _send(
        contact,
        _("Your code for a new password at %(portal)s") % _names(),
        _("%(code)s is the code for a new password at %(portal)s, %(place)s. It is good for 15 minutes.")
        % (_names() | {"code": code}),
        _("Nobody from the authorities will ask for it. If you did not ask for a new password, leave the account as it is."),
    )


def send_already_registered(contact: str) -> None:
    """Somebody signed up with a contact or a personal number that an account already has."""
    _send(
        contact,
        _("There already is an account at %(portal)s") % _names(),
        _(
            "Somebody, probably you, just tried to sign up at %(portal)s, %(place)s. There already is an account with this contact or with the personal number that was given."
        )
        % _names(),
        _("Sign in, or choose a new password: %(url)s. If you do not know the account, call %(hotline)s.")
        % (_names() | {"url": settings.SITE_URL + reverse("account_reset_password")}),
    )


def send_unknown_account(contact: str) -> None:
    """Somebody asked for a new password for a contact that no account has."""
    _send(
        contact,
        _("No account at %(portal)s") % _names(),
        _("Somebody, probably you, asked for a new password at %(portal)s, %(place)s, but no account has this contact.")
        % _names(),
        _("Try the other contact you may have used, or sign up: %(url)s.")
        % (_names() | {"url": settings.SITE_URL + reverse("account_signup")}),
    )


def _names() -> dict[str, str]:
    return {"portal": settings.PORTAL_NAME, "place": settings.PORTAL_PLACE, "hotline": settings.PORTAL_HOTLINE}


def _send(contact: str, subject: str, *sentences: str) -> None:
    body = "\n\n".join(sentences) + "\n" if contacts.is_email(contact) else " ".join(sentences)
    # Imports go down only, and messages are sent by an app above: the settings name the sender.
    import_string(settings.CODE_SENDER)(contact, subject, body)
