"""Forms of the inbox's pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity.people import contacts
from identity.people.models import Person
from services.notices import lanes, placeholders
from services.notices.channels import EMAIL, NONE, SMS, choose
from services.notices.lanes import Group
from services.notices.queries import Reach
from services.notices.refusals import GROUPS

INBOX = "inbox"
"""Stands for no channel in a form, where an empty value would mean no answer."""
OFF = "off"
WAY = "way_"


class PreferenceForm(forms.Form):
    """By which way for what, when not, in which language."""

    quiet_from = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput(attrs={"type": "time", "mc-width": 10}, format="%H:%M"),
        error_messages={"required": _("Enter from when it is quiet, such as 21:00.")},
    )
    quiet_until = forms.TimeField(
        label=_("Until"),
        help_text=_("The same time twice: no quiet hours."),
        widget=forms.TimeInput(attrs={"type": "time", "mc-width": 10}, format="%H:%M"),
        error_messages={"required": _("Enter until when it is quiet, such as 07:00.")},
    )
    quiet_email = forms.BooleanField(label=_("E-mails wait too"), required=False)
    language = forms.ChoiceField(label=_("Language of messages and pages"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, person: Person, reach: Reach, **kwargs: Any) -> None:
        self.groups = lanes.OF_OFFICIALS if person.is_official else lanes.OF_RESIDENTS
        ways = [
            (channel, words % {"address": contacts.hidden(reach.addresses[channel])})
            for channel, words in ((EMAIL, gettext("E-mail to %(address)s")), (SMS, gettext("SMS to %(address)s")))
            if channel in reach.addresses
        ]
        initial: dict[str, Any] = {
            "quiet_from": reach.quiet.start,
            "quiet_until": reach.quiet.end,
            "quiet_email": reach.quiet_email,
            "language": person.language,
            "digest": reach.digest,
        }
        initial |= {WAY + group: choose(group, reach.chosen, reach.addresses) or INBOX for group in self.groups}
        super().__init__(*args, **kwargs)
        self.initial = initial
        for group in self.groups:
            name, explained = (str(words) for words in GROUPS[group])
            silent = [(INBOX, _("Only here, in the inbox"))]
            if group is Group.DIGEST:
                silent.append((OFF, _("Not at all")))
            if group in lanes.CANNOT_BE_SILENT and ways:
                silent = []
            self.fields[WAY + group] = forms.ChoiceField(
                label=name, help_text=explained, choices=[*ways, *silent], widget=forms.RadioSelect(attrs={"mc-small": True})
            )
        if Group.DIGEST in self.groups and not reach.digest:
            self.initial[WAY + Group.DIGEST] = OFF

    @property
    def wishes(self) -> dict[str, Any]:
        """For the action."""
        data = self.cleaned_data
        ways = {group: data[WAY + group] for group in self.groups}
        return {
            "channels": {group.value: way for group, way in ways.items() if way in (EMAIL, SMS)}
            | {group.value: NONE for group, way in ways.items() if way == INBOX and group not in lanes.CANNOT_BE_SILENT},
            "digest": ways.get(Group.DIGEST) != OFF,
            "quiet_from": data["quiet_from"],
            "quiet_until": data["quiet_until"],
            "quiet_email": data["quiet_email"],
            "language": data["language"],
        }


class TemplateForm(forms.Form):
    """A city's own wording of an event."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=placeholders.LONGEST_SUBJECT,
        error_messages={"required": _("Enter the subject. It also names the message in the inbox.")},
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=placeholders.LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Enter the text.")},
    )
