"""Why a wording cannot be used, in words; and the names of what people choose between."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.notices.lanes import Group

REFUSALS: dict[str, str | Promise] = {
    "unknown": _("There is no placeholder {%(word)s}. Use those listed beside the text."),
    "in_subject": _("{%(word)s} may not stand in the subject: it is read on locked screens. Put it in the text."),
    "brace": _("A brace is open or closed alone. Write placeholders as {number}."),
    "address": _("The text must say where to look: put {url} in it."),
    "long": _("Too long for an SMS: with everything filled in it must have at most %(word)s characters."),
}
GROUPS: dict[Group, tuple[str | Promise, str | Promise]] = {
    Group.DUTY: (
        _("What the law has the agency tell you"),
        _("Receipt, request to complete the application, fee, refusal, stopping, new date, answer. It cannot be switched off."),
    ),
    Group.PROGRESS: (_("How your applications move"), _("Filed, being worked on, payment confirmed, handed over.")),
    Group.MESSAGES: (_("New messages in a case"), ""),
    Group.REMINDERS: (_("Reminders before a time runs out"), ""),
    Group.WORK: (_("Work that comes to you or goes from you"), _("Given to you, shared out, opinions asked for and answered.")),
    Group.DIGEST: (_("Summary of each working morning"), _("At 7:30, only when something waits.")),
}
"""Name and explanation of each group people can choose a way for."""


def why(code: str, word: str) -> str:
    """The sentence for a problem with a wording."""
    return str(REFUSALS[code]) % {"word": word}
