"""What the page on which a draft is published says about its trials."""

from django import template

from services.cases import queries
from services.cases.models import TrialRun
from services.catalogue.models import VersionDraft

register = template.Library()


@register.simple_tag
def last_trial_of(draft: VersionDraft) -> TrialRun | None:
    """The newest trial of the draft that came to an end."""
    return queries.last_trial(draft)
