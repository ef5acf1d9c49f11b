"""Keeping what is typed into a page of a draft: answers, and whatever cannot be an answer yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from identity.people.models import Person
from portal.kit import clock
from services.cases import typed
from services.cases.actions.ownership import own_draft
from services.cases.filer import Filer
from services.cases.models import Case
from services.cases.prefill import Offer, provenance
from services.cases.queries.prefill import offers_for, page_form, with_fixed
from services.cases.queries.resident import definition_of
from services.cases.queries.typed import complaints, page_revision, stored_inputs
from services.forms.build import PageForm
from services.forms.definition import Definition


@dataclass(frozen=True, slots=True)
class SavedPage:
    """What became of a page that was sent; `form` holds what counts now.

    The lists are keys of questions. `taken`: changed elsewhere meanwhile, and taken from there. `both`: changed here and elsewhere,
    and kept as typed here. `held`: differs from what was stored elsewhere meanwhile, so nothing was saved yet.
    """

    case: Case
    form: PageForm
    inputs: typed.Inputs
    revision: str
    taken: list[str] = field(default_factory=list)
    both: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether everything asked on the page is answered."""
        return not self.held and self.form.is_valid()


@transaction.atomic
def save_page(
    case: Case,
    by: Filer | Person,
    page_key: str,
    sent: typed.Inputs,
    *,
    revision: str = "",
    was: typed.Inputs | None = None,
) -> SavedPage:
    """Keep a page as it is typed: the good answers, and every text that is not one yet.

    `revision` names the page as the sender knew it. If another device has saved it since, then with `was` (what the changed inputs
    held before) the two are put together question by question; without it, nothing is saved that would undo the other's work.
    """
    draft = own_draft(case.pk, by)
    definition = definition_of(draft)
    keys = [one.key for one in definition.page(page_key).fields if one.answers]
    offered = offers_for(draft, definition, page_key)
    page = put_together(draft, definition, page_key, sent, revision=revision, was=was)
    if page.held:
        return page
    _keep(draft, definition, page_key, page.form, page.inputs, keys, offered)
    return replace(page, revision=page_revision(draft, definition, page_key))


def put_together(
    case: Case, definition: Definition, page_key: str, sent: typed.Inputs, *, revision: str, was: typed.Inputs | None
) -> SavedPage:
    """What becomes of a page that was sent, before anything is kept: together with what another device has stored meanwhile."""
    keys = [one.key for one in definition.page(page_key).fields if one.answers]
    form_type = page_form(case, definition, page_key)
    sent = with_fixed(case, definition, page_key, sent)
    form = form_type(sent)
    form.is_valid()
    taken: list[str] = []
    both: list[str] = []
    stored = page_revision(case, definition, page_key)
    if revision and revision != stored:
        there = stored_inputs(case, definition, page_key)
        given = form.answers()
        same = {key for key in keys if key in given and given[key] == case.answers.get(key)}
        if was is None:
            if held := typed.differing(sent, there, keys, same):
                return SavedPage(case, form, sent, stored, held=held)
        else:
            together = typed.merged(sent, was, there, keys, same)
            sent, taken, both = together.inputs, together.taken, together.both
            form = form_type(sent)
            form.is_valid()
    return SavedPage(case, form, sent, stored, taken, both)


def _keep(
    draft: Case,
    definition: Definition,
    page_key: str,
    form: PageForm,
    sent: typed.Inputs,
    keys: list[str],
    offered: Mapping[str, Offer],
) -> None:
    of_page = {one.key for one in definition.page(page_key).fields}
    good = form.answers()
    now = clock.now()
    draft.provenance = provenance(draft.provenance, keys, draft.answers, good, offered, now.isoformat())
    draft.answers = {key: value for key, value in draft.answers.items() if key not in of_page} | good
    if typed.left_over(sent, keys, good, complaints(form)):
        draft.typed[page_key] = sent
    else:
        draft.typed.pop(page_key, None)
    draft.revision += 1
    draft.saved_at = now
    draft.save(update_fields=["answers", "typed", "provenance", "revision", "saved_at"])
