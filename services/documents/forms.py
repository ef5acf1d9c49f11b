"""What people type or choose at the verification page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from services.documents import codes


class CodeForm(forms.Form):
    """The code printed beside the QR picture."""

    ma = forms.CharField(
        label=_("Verification code"),
        help_text=_(
            "12 letters and digits printed beside the QR code, such as ABCD-EFGH-JKMN. Capitals and hyphens do not matter."
        ),
        max_length=200,
        error_messages={"required": _("Enter the code printed on the document.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "mc-width": "20",
                "mc-count": False,
            }
        ),
    )

    def clean_ma(self) -> str:
        """The code as stored, whatever was typed around it."""
        try:
            return codes.parse(self.cleaned_data["ma"])
        except codes.NotACode as error:
            raise ValidationError(wording(error)) from error


def wording(error: codes.NotACode) -> str:
    """Why a text is not a code, for the person who typed it."""
    if error.code == "character":
        return str(_("The code does not contain “%(character)s”. It has no 0, 1, I, L and O.")) % {"character": error.character}
    if error.code == "length":
        return str(_("The code has 12 letters and digits. Check that all are there."))
    if error.code == "check":
        return str(_("There is a typing error in this code. Compare it with the document, letter by letter."))
    return str(_("Enter the code printed on the document."))


class FileForm(forms.Form):
    """A PDF file to be compared with what was issued."""

    tep = forms.FileField(
        label=_("PDF file"),
        help_text=_("The file is compared in memory and not kept."),
        error_messages={"required": _("Choose the PDF file to check."), "empty": _("This file is empty. Choose another file.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_tep(self) -> Any:
        """Nothing larger than an upload may be."""
        upload: UploadedFile = self.cleaned_data["tep"]
        if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise self._too_large()
        return upload

    def refuse_size(self) -> None:
        """Say that the file was too large to be kept at all, instead of that none came."""
        self.errors.pop("tep", None)
        self.add_error("tep", self._too_large())

    def _too_large(self) -> ValidationError:
        size = filesizeformat(settings.UPLOAD_MAX_BYTES)
        return ValidationError(str(_("The file must be smaller than %(size)s.")) % {"size": size})


class PaperTitleForm(forms.Form):
    """What one of the person's own papers is called."""

    title = forms.CharField(
        label=_("Name of the paper"),
        help_text=_("Such as: Birth certificate of the first child."),
        max_length=200,
        error_messages={"required": _("Enter a name for this paper.")},
    )
