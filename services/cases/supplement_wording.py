"""Words about requests for a supplement: why one cannot be sent, and why an answer cannot."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "nothing_asked": _("Choose at least one answer or paper, or write what else is needed."),
    "too_many_items": _("This is too much for one request. Put several things into one text."),
    "unknown_item": _("Something asked about is not part of this application. Load the page again and choose once more."),
    "asked_twice": _("Something is asked for twice. Load the page again and choose once more."),
    "no_text": _("Write what is wrong, or what the applicant should do."),
    "days": _("Give between 1 and 90 working days."),
}
"""By code of `supplements.problem`."""

SECOND: Promise = _(
    "The law gives one request for a supplement, and it was used. A further one is possible only when a head or leader allows it."
)
NOT_NEEDED: Promise = _("A request for a supplement is left already. Another one can be allowed once that is used.")
NOTHING_ASKED: Promise = _("Nothing more is asked for in this case.")
INCOMPLETE: Promise = _("Something is not right yet. The list on the page shows what.")
UNADDRESSED: Promise = _("Nothing was done about: %(items)s. Correct or add it, or write here why not.")
