"""Keeping the words by which a case is found."""

from services.cases import searching
from services.cases.models import Case
from services.cases.queries.finding import Tokens

BATCH = 500


def refresh_search(case: Case) -> None:
    """Set the words of a locked case from its number, names and answers. The caller saves it, as `events.record` does."""
    names = (case.subject_name, case.filed_by.full_name, case.principal_name, case.principal_number)
    case.search = Tokens(searching.tokens(case.number or "", names, case.answers))


def index_cases(after: int = 0) -> int:
    """Give the next 500 filed cases after that key their words. Returns the last key, 0 when there are no more."""
    rows = Case.objects.exclude(state=Case.State.DRAFT).filter(pk__gt=after).order_by("pk").select_related("applicant")
    last = 0
    for case in rows.only("number", "subject_name", "principal_name", "principal_number", "answers", "applicant__full_name")[
        :BATCH
    ]:
        refresh_search(case)
        # One column alone: nobody who works on the case meanwhile is overwritten.
        Case.objects.filter(pk=case.pk).update(search=case.search)
        last = case.pk
    return last
