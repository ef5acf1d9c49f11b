"""What officials read in their lists of work."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

TABS: dict[str, Words] = {
    "all": _("All"),
    "unclaimed": _("To claim"),
    "mine": _("Mine"),
    "soon": _("Due within a working day"),
    "overdue": _("Overdue"),
    "waiting": _("Waiting for the applicant"),
    "elsewhere": _("At another office"),
    "finished": _("Finished by us"),
}
"""Names of the queue's tabs."""

EMPTY: dict[str, tuple[Words, Words]] = {
    "all": (_("No work is waiting"), _("New applications and steps appear here. Load the page again to see them.")),
    "unclaimed": (_("Nothing is left to claim"), _("Everything at your offices is in somebody's hands.")),
    "mine": (_("You hold no work"), _("Take the most urgent case, or choose one under “To claim”.")),
    "soon": (_("Nothing is due within a working day"), _("There is time for what comes later.")),
    "overdue": (_("Nothing is overdue"), _("Every deadline at your offices is kept.")),
    "waiting": (_("No case waits for its applicant"), _("Cases with a supplement or a payment asked for appear here.")),
    "elsewhere": (
        _("No case of yours is at another office"),
        _("Cases that were at your desks and are now worked on elsewhere appear here, and opinions you asked for."),
    ),
    "finished": (_("Your offices have finished nothing yet"), _("Steps appear here when they are done, the newest first.")),
}
"""What an empty tab says."""

COLUMNS: dict[str, Words] = {
    "due": _("Deadline"),
    "work": _("Work"),
    "subject": _("Whom it is for"),
    "office": _("Office"),
    "holder": _("Held by"),
    "agency": _("Agency"),
    "state": _("State"),
    "labels": _("Labels"),
    "domain": _("Field"),
    "channel": _("Channel"),
    "filed": _("Filed at"),
}
"""Names of the columns."""

WAITS: dict[int, Words] = {
    5: _("waits for a supplement"),
    6: _("waits for a payment"),
    7: _("withdrawal asked for"),
}
"""Why a case stands still, by its state."""
EXPORT_FAILED = _("The list could not be made. Ask for it again; if it fails again, tell the administrator.")
