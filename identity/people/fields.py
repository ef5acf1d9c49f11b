"""Form fields that know our rules. What was typed stays on the page when the rule says no."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from identity.people import contacts, national_id


class ContactField(forms.CharField):
    """A phone number or an e-mail address; its value is the stored form."""

    default_error_messages = {
        "required": _("Enter a mobile phone number or an e-mail address."),
        "format": _("Enter a mobile phone number of ten digits, such as 0901 234 567, or an e-mail address."),
        "not_vietnam": _("Enter a Vietnamese phone number, or use an e-mail address instead."),
        "not_mobile": _("Enter a mobile number that can get SMS, or use an e-mail address instead."),
        "email": _("Enter an e-mail address such as ten@example.vn."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile phone number or e-mail address"))
        kwargs.setdefault("max_length", contacts.LONGEST_EMAIL)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "mc-count": False}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return typed
        try:
            return contacts.normal(typed)
        except contacts.InvalidContact as invalid:
            raise ValidationError(self.error_messages[invalid.code], code=invalid.code) from None


class PersonalNumberField(forms.CharField):
    """The 12 digits of a citizen identity card; its value is tidy and could exist."""

    default_error_messages = {
        "required": _("Enter the personal number: the 12 digits on the identity card."),
        "digits": _("The personal number has digits only."),
        "length": _("The personal number has 12 digits. The 9-digit number of the old identity card cannot be used any more."),
        "province": _("The first three digits are not the code of a province. Compare the number with the card."),
        "century": _("The fourth digit is not possible yet. Compare the number with the card."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Personal number"))
        attrs = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "mc-width": 20}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        number = national_id.tidy(super().clean(value))
        if number:
            try:
                national_id.parse(number)
            except national_id.InvalidNationalId as invalid:
                raise ValidationError(self.error_messages[invalid.code], code=invalid.code) from None
        return number


class PasswordField(forms.CharField):
    """A password, never printed back."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs.setdefault("max_length", 128)
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "mc-width": 20, "mc-count": False})
        super().__init__(strip=False, widget=widget, **kwargs)


class CodeField(forms.CharField):
    """The six digits of a message."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Six-digit code"))
        kwargs.setdefault("error_messages", {"required": _("Enter the six digits of the message.")})
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "spellcheck": "false",
            "mc-width": 10,
            "mc-count": False,
        }
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)
