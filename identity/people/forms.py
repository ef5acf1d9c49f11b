"""Forms of the account pages; allauth's views drive them."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal import flows
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from identity.people import actions, contacts, national_id, queries
from identity.people.fields import CodeField, ContactField, PasswordField, PersonalNumberField
from identity.people.models import Person
from portal.kit import clock
from portal.kit.forms import DateParts

PASSWORD_HELP = _("At least 8 characters, not digits only. A few words are easy to remember and hard to guess.")
LONGEST_LIFE_YEARS = 130


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    """One field for phone, e-mail or work account name, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Phone number, e-mail address or work account"),
            max_length=contacts.LONGEST_EMAIL,
            error_messages={"required": _("Enter the phone number, e-mail address or work account you sign in with.")},
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "mc-count": False}
            ),
        )
        self.fields["password"] = PasswordField(
            autocomplete="current-password", error_messages={"required": _("Enter the password.")}
        )
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        """The name as it is stored: however it is typed, wrong passwords count against the same account."""
        typed = self.cleaned_data["login"].strip()
        try:
            typed = contacts.normal(typed)
        except contacts.InvalidContact:
            typed = typed.lower()
        return {"username": typed, "password": self.cleaned_data["password"]}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        """Sign in; the length of a work account's session is set by the adapter and not by allauth's "remember me"."""
        return flows.login.perform_password_login(request, self.user_credentials(), self._with(redirect_url))

    def _with(self, redirect_url: str | None) -> Any:
        self._login.redirect_url = redirect_url
        return self._login


class SignupForm(forms.Form):
    """A resident's account: who they are, where they are reached, a password."""

    by_passkey = False

    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("As on the identity card."),
        max_length=120,
        error_messages={"required": _("Enter the full name as on the identity card.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "mc-count": False}),
    )
    personal_number = PersonalNumberField(help_text=_("The 12 digits on the identity card or in VNeID."))
    birth_date = DateParts(
        label=_("Date of birth"),
        help_text=_("For example 27 3 1990."),
        widget=DateParts.widget(attrs={"autocomplete": "bday"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Person.Sex.choices,
        help_text=_("As on the identity card."),
        error_messages={"required": _("Choose the sex as on the identity card.")},
        widget=forms.RadioSelect(attrs={"mc-inline": True}),
    )
    phone = ContactField(help_text=_("A code is sent there now, and news of your cases later."))
    password1 = PasswordField(
        autocomplete="new-password", help_text=PASSWORD_HELP, error_messages={"required": _("Choose a password.")}
    )

    def clean_full_name(self) -> str:
        """At least two words, without digits."""
        name = " ".join(self.cleaned_data["full_name"].split())
        if any(character.isdigit() for character in name) or " " not in name:
            raise ValidationError(_("Enter family name, middle name and given name, without digits."))
        return name

    def clean_birth_date(self) -> Any:
        """Not in the future, not before anybody alive was born."""
        born, today = self.cleaned_data["birth_date"], clock.today()
        if born > today:
            raise ValidationError(_("The date of birth cannot be in the future."))
        if today.year - born.year > LONGEST_LIFE_YEARS:
            raise ValidationError(_("Check the year of birth."))
        return born

    def clean(self) -> dict[str, Any]:
        """The personal number says the sex and the year of birth: they must agree. The password must not be easy to guess."""
        data = super().clean() or self.cleaned_data
        if number := data.get("personal_number"):
            problems = national_id.agrees(number, data.get("sex", ""), data.get("birth_date"))
            if "birth_year" in problems:
                self.add_error(
                    "birth_date", _("The year of birth does not agree with the personal number. Compare both with the card.")
                )
            if "sex" in problems:
                self.add_error("sex", _("The sex does not agree with the personal number. Compare both with the card."))
        if password := data.get("password1"):
            contact = data.get("phone") or ""
            somebody = Person(full_name=data.get("full_name", ""), email=contact if contacts.is_email(contact) else "")
            try:
                validate_password(password, somebody)
            except ValidationError as invalid:
                self.add_error("password1", invalid)
        return data

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponseBase | None]:
        """The new account; or, when one exists, the same next page, while the contact is told what to do."""
        data = self.cleaned_data
        contact = data["phone"]
        try:
            person = actions.register(
                full_name=data["full_name"],
                password=data["password1"],
                email=contact if contacts.is_email(contact) else None,
                phone=None if contacts.is_email(contact) else contact,
                personal_number=data["personal_number"],
                birth_date=data["birth_date"],
                sex=data["sex"],
                language=(get_language() or "vi")[:2],
            )
        except actions.AlreadyRegistered:
            return None, flows.signup.prevent_enumeration(request, phone=contact)
        return person, None


class VerifyContactForm(allauth.VerifyPhoneForm):  # type: ignore[misc]
    """The code sent to a contact."""

    code = CodeField()


class ConfirmResetCodeForm(allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code for a new password."""

    code = CodeField()


class ChangeContactForm(forms.Form):
    """A new or another phone number or e-mail address; it counts once the code sent there is typed."""

    phone = ContactField(label=_("New mobile phone number or e-mail address"), help_text=_("A code is sent there to confirm it."))
    password = PasswordField(
        autocomplete="current-password",
        label=_("Your password"),
        help_text=_("So that nobody else can change how you sign in."),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, *args: Any, user: Person | None = None, phone: str | None = None, **kwargs: Any) -> None:
        self.user = user
        self.account_already_exists = False
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        """Not one the account has."""
        contact: str = self.cleaned_data["phone"]
        if self.user and contact in ((self.user.phone, self.user.email)):
            raise ValidationError(_("This is the one the account already has."))
        return contact

    def clean_password(self) -> str:
        """The person's own password; five wrong ones lock the question for a while."""
        password: str = self.cleaned_data["password"]
        if self.user and not actions.confirm_password(self.user, password):
            raise ValidationError(_("This is not the password of the account."))
        return password


class ResetPasswordForm(forms.Form):
    """Where the code for a new password goes. Whether an account has this contact is not shown."""

    # The name is allauth's; it takes phone numbers as well.
    email = ContactField(help_text=_("The one you sign in with."))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send a code when an active account has confirmed the contact; else word that there is none."""
        contact: str = self.cleaned_data["email"]
        person = queries.person_by_contact(contact)
        if person is not None and not person.is_active:
            person = None
        flows.password_reset_by_code.PasswordResetVerificationProcess.initiate(request=request, user=person, email=contact)
        return contact


class NewPasswordForm(forms.Form):
    """A new password after the code."""

    password1 = PasswordField(
        autocomplete="new-password",
        label=_("New password"),
        help_text=PASSWORD_HELP,
        error_messages={"required": _("Choose a password.")},
    )

    def __init__(self, *args: Any, user: Person | None = None, temp_key: str | None = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        """Not easy to guess."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def save(self) -> None:
        """Set it."""
        if self.user is not None:
            actions.change_password(self.user, self.cleaned_data["password1"])


class ChangePasswordForm(NewPasswordForm):
    """A new password for a signed-in person."""

    oldpassword = PasswordField(
        autocomplete="current-password",
        label=_("Current password"),
        error_messages={"required": _("Enter the current password.")},
    )
    field_order = ("oldpassword", "password1")

    def clean_oldpassword(self) -> str:
        """The current one; five wrong ones lock the question for a while."""
        password: str = self.cleaned_data["oldpassword"]
        if self.user and not actions.confirm_password(self.user, password):
            raise ValidationError(_("This is not the current password."))
        return password


class ProfileForm(forms.Form):
    """What a person may change by themselves."""

    address = forms.CharField(
        label=_("Address"),
        help_text=_("Filled in for you when a form asks for it."),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "mc-count": False}),
    )
    language = forms.ChoiceField(
        label=_("Language of pages and messages"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        widget=forms.RadioSelect(attrs={"mc-inline": True}),
    )
