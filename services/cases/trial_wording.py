"""Why a trial stopped, in words for the editor."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.offices.powers import Power
from identity.offices.wording import POWER_NAMES

FAILURES: Mapping[str, tuple[Promise, Promise | str]] = {
    "unsound": (
        _("The draft cannot be published as it is"),
        _("A trial needs content that could be published. Put the following right first."),
    ),
    "incomplete": (
        _("The sample answers do not make a complete application"),
        _("The form does not take them in this circumstance. What is missing:"),
    ),
    "no_office": (
        _("The step leads to no office"),
        _("With these answers and this agency there is no active office that the step's reference means."),
    ),
    "nobody": (
        _("Nobody can do the step"),
        _("At %(office)s nobody holds the power “%(power)s” today. A case would wait there until somebody is appointed."),
    ),
    "refused": (_("The step was refused"), "%(message)s"),
    "stuck": (
        _("The route ends too early"),
        _(
            "After this step nothing opens any more, and the outcome was not handed over. Side-by-side steps may never come together."
        ),
    ),
    "empty_places": (
        _("The outcome has empty places"),
        _("With these answers nothing is asked that fills: %(places)s. The outcome would have dots there."),
    ),
    "not_drawn": (_("The document cannot be drawn"), _("“%(document)s” could not be drawn as a PDF (%(error)s).")),
    "broken": (
        _("The trial itself broke off"),
        _("This is a fault of the portal and not of the draft (%(error)s). Try again, and tell the administrator if it stays."),
    ),
}
"""What happened, and what it means."""


def failure_title(failure: Mapping[str, Any]) -> str:
    """What happened, in a few words."""
    return str(FAILURES[failure["code"]][0])


def failure_text(failure: Mapping[str, Any]) -> str:
    """What it means and what to do."""
    values = dict(failure.get("values") or {})
    if "power" in values:
        values["power"] = POWER_NAMES[Power(values["power"])]
    if "places" in values:
        values["places"] = ", ".join(values["places"])
    text = str(FAILURES[failure["code"]][1])
    return text % values if "%(" in text else text


def failure_lines(failure: Mapping[str, Any]) -> list[str]:
    """The single things that are wrong, where there are several."""
    values = failure.get("values") or {}
    problems = [problem["message"] for problem in values.get("problems", ())]
    return [*problems, *(str(message) for message in values.get("missing", ()))]
