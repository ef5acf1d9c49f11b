"""Why a case can or cannot be moved to another version, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.cases.moving import Code, Finding

FINDINGS: Mapping[Code, Promise] = {
    Code.CIRCUMSTANCE_GONE: _("The circumstance “%(what)s” is not in this version."),
    Code.ANSWER_NEEDED: _("“%(what)s” has no answer that this version accepts."),
    Code.PAPER_GONE: _("This version has no place for the attached paper “%(what)s”."),
    Code.PAPER_NEEDED: _("This version needs the paper “%(what)s”, which is not attached."),
    Code.STEP_GONE: _("The step “%(what)s”, which the case went through or is in, is not in this route."),
    Code.STEP_KIND: _("The step “%(what)s” is other work in this route."),
    Code.STEP_DESK: _("The step “%(what)s” is under way at a desk that does not do it in this route."),
    Code.STEP_ORDER: _("The step “%(what)s” comes in another order in this route."),
    Code.STEP_PASSED_OVER: _("The step “%(what)s” would be passed over: it lies before the place the case has reached."),
    Code.LIMIT_PROMISED: _("The promised date was worked out with another time limit."),
    Code.OUTCOME_MADE: _("The outcome has been drawn up already."),
    Code.ANSWER_DROPPED: _("“%(what)s” is no longer asked; its answer is kept but not shown."),
    Code.LIMIT_DIFFERS: _("The time limit of this version will count, as the case has not been accepted yet."),
}


def finding_text(finding: Finding) -> str:
    """One finding as a sentence. It names questions, papers and steps, and nothing a person answered."""
    return str(FINDINGS[finding.code]) % {"what": finding.what}
