"""Forms of the page on which open cases are moved to another version."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.paging import Capped
from services.catalogue.models import Version


class MoveChoice(forms.Form):
    """From which version to which; asked by GET, so that the answer is a preview with an address."""

    tu = forms.TypedChoiceField(label=gettext_lazy("From version"), coerce=int)
    den = forms.TypedChoiceField(label=gettext_lazy("To version"), coerce=int)

    def __init__(self, *args: Any, sources: Sequence[tuple[Version, Capped]], targets: Sequence[Version], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tu"].choices = [  # type: ignore[attr-defined]
            (version.number, _("Version %(number)s: %(count)s open cases") % {"number": version.number, "count": count})
            for version, count in sources
        ]
        self.fields["den"].choices = [  # type: ignore[attr-defined]
            (version.number, _("Version %(number)s") % {"number": version.number}) for version in targets
        ]


class MoveForm(forms.Form):
    """The reason, and that the preview was read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Stands in every moved case; the applicant and the officials read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"mc-rows": 3}),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("I have read the preview; the cases that fit shall be moved"),
        error_messages={"required": gettext_lazy("Read the preview and tick the box.")},
    )


class UndoForm(forms.Form):
    """Why a move is undone."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        help_text=gettext_lazy("Stands in every case that is brought back; the applicant and the officials read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"mc-rows": 3}),
    )
