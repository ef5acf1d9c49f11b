"""The form that gives a work item to a colleague."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Absence
from identity.people.models import Person
from services.cases.officials.forms import NOTE_LENGTH
from services.cases.queries.assignment import Load


class AssignForm(forms.Form):
    """To whom, and a word on the way. Colleagues who are away can be chosen; the choice says so."""

    assignee = forms.TypedChoiceField(
        label=_("To whom"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colleague"), "invalid_choice": _("Choose one of those listed")},
    )
    note = forms.CharField(
        label=_("A word to your colleague"),
        help_text=_("Colleagues read it; the applicant does not."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"mc-rows": 4}),
    )

    def __init__(self, data: Any, takers: Sequence[tuple[Person, Load, Absence | None]]) -> None:
        super().__init__(data)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(person.pk, person.full_name) for person, _load, _away in takers]
        field.widget.attrs["mc-choice-help"] = {str(person.pk): _standing(load, away) for person, load, away in takers}


def _standing(load: Load, away: Absence | None) -> str:
    held = ngettext("holds %(count)s work item", "holds %(count)s work items", load.items) % {"count": load.items}
    facts = [held, ngettext("%(count)s point", "%(count)s points", load.points) % {"count": load.points}]
    if away:
        facts.append(away_in_words(away))
    return " · ".join(facts)


def away_in_words(away: Absence) -> str:
    """Until when somebody is away and who stands in."""
    until = gettext("away until %(day)s") % {"day": f"{away.until:%d/%m/%Y}"}
    if away.deputy is None:
        return until
    return until + " · " + gettext("deputy: %(name)s") % {"name": away.deputy.full_name}
