"""What a draft is filled in with beforehand: the record of whom it is filed for, and what they answered before."""

from collections.abc import Sequence
from typing import Any

from identity.people.models import Person
from portal.kit import clock
from services.cases import prefill, typed
from services.cases.behalf import Behalf
from services.cases.behalf_wording import fixed_text, source_text
from services.cases.models import Case
from services.cases.prefill import Earlier, Fact, Offer, Source
from services.forms.build import PageForm, form_class
from services.forms.definition import Definition, Field, InvalidDefinition, parse

EARLIER = 5
"""Applications looked at, the newest first."""


def facts_of(case: Case) -> dict[str, Fact]:
    """What is known beforehand. Phone and e-mail are always those of whoever files: there the office reaches them."""
    person = case.applicant
    found: dict[str, Fact] = {}
    if person is not None:
        found = {
            "person.phone": Fact(person.phone or "", Source.RECORD),
            "person.email": Fact(person.email or "", Source.RECORD),
        }
    if case.behalf == Behalf.PERSON:
        about = case.mandate.grantor if case.mandate is not None else None
        if about is None:
            stated = {"person.full_name": case.principal_name, "person.personal_number": case.principal_number}
            return found | {name: Fact(value, Source.STATED) for name, value in stated.items()}
        return found | _record(about)
    if case.behalf == Behalf.BUSINESS:
        found["business.name"] = Fact(case.principal_name, Source.BUSINESS)
        found["business.tax_code"] = Fact(case.principal_number, Source.BUSINESS)
    return found | (_record(person) if person is not None else {})


def _record(person: Person) -> dict[str, Fact]:
    values = {
        "person.full_name": person.full_name,
        "person.personal_number": person.personal_number or "",
        "person.birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "person.address": person.address,
    }
    return {name: Fact(value, Source.RECORD) for name, value in values.items()}


def _checked(case: Case) -> Person | None:
    """Whose checked record stands in the questions that are fixed: of the person it is filed for, if it was checked."""
    if case.behalf == Behalf.PERSON:
        about = case.mandate.grantor if case.mandate is not None else None
    else:
        about = case.applicant if case.behalf == Behalf.SELF else None
    return about if about is not None and about.identity_checked_on is not None else None


def fixed_answers(case: Case, fields: Sequence[Field]) -> dict[str, Any]:
    """The answers among these questions that stand as they are on the checked record."""
    if not any(one.fixed for one in fields):
        return {}
    person = _checked(case)
    return prefill.fixed(fields, _record(person), clock.today()) if person is not None else {}


def offers_for(case: Case, definition: Definition, page_key: str) -> dict[str, Offer]:
    """What to begin a page with; nothing once something on it is answered. One query, where somebody has signed in."""
    fields = definition.page(page_key).fields
    if page_key in case.typed or any(one.key in case.answers for one in fields if one.asks):
        return {}
    return prefill.offers(fields, facts_of(case), _earlier(case), clock.today())


def _earlier(case: Case) -> list[Earlier]:
    """Applications filed before by the same person for the same principal."""
    # At a counter nobody reads what the person told other offices.
    if case.applicant_id is None or case.reception_id is not None:
        return []
    filed = (
        Case.objects.filter(applicant=case.applicant_id, behalf=case.behalf, principal_number=case.principal_number)
        .exclude(state=Case.State.DRAFT)
        .select_related("version")
        .only("number", "filed_at", "answers", "version__form", "version__procedure_id")
        .order_by("-id")[:EARLIER]
    )
    found = []
    for one in filed:
        try:
            definition = parse(one.version.form)
        except InvalidDefinition:
            # A version of years ago, whose form could not be published today.
            continue
        at = one.filed_at.isoformat() if one.filed_at else ""
        same = one.version.procedure_id == case.version.procedure_id
        found.append(Earlier(one.number or "", at, same, definition, one.answers))
    return found


def page_form(case: Case, definition: Definition, page_key: str) -> type[PageForm]:
    """The form of a page of a draft: what is stored, what it begins with, where that comes from, what cannot be changed."""
    fields = definition.page(page_key).fields
    offered = offers_for(case, definition, page_key)
    fixed = fixed_answers(case, fields)
    notes = {key: source_text({"source": one.source.value, "case": one.case, "filed_at": one.at}) for key, one in offered.items()}
    notes |= {one.key: source_text(case.provenance[one.key]) for one in fields if one.key in case.provenance}
    notes |= dict.fromkeys(fixed, fixed_text())
    beginning = {key: one.value for key, one in offered.items()}
    return form_class(definition, page_key, case.answers, prefill=beginning, notes=notes, fixed=fixed)


def with_fixed(case: Case, definition: Definition, page_key: str, sent: typed.Inputs) -> typed.Inputs:
    """What was sent, with the record in the place of whatever was sent for a fixed question."""
    fields = definition.page(page_key).fields
    fixed = fixed_answers(case, fields)
    if not fixed:
        return sent
    keys = [one.key for one in fields]
    kept = {name: texts for name, texts in sent.items() if typed.question_of(name, keys) not in fixed}
    for one in fields:
        if one.key in fixed and any(typed.question_of(name, keys) == one.key for name in sent):
            kept |= prefill.inputs_of(one, fixed[one.key])
    return kept


def sources(case: Case) -> dict[str, str]:
    """Where the answers of a case were taken from, in words, by question; those that were typed are left out."""
    entries = {key: entry for key, entry in case.provenance.items() if not key.startswith(prefill.INNER)}
    return {key: text for key, entry in entries.items() if (text := source_text(entry))}


def contradictions(case: Case, definition: Definition) -> list[tuple[str, Field]]:
    """Page and question of every answer that is not what the checked record says."""
    fixed = fixed_answers(case, list(definition.fields()))
    if not fixed:
        return []
    found = []
    for page in definition.pages_shown(case.answers):
        for one in definition.fields_shown(page, case.answers):
            if one.key in fixed and one.key in case.answers and case.answers[one.key] != fixed[one.key]:
                found.append((page.key, one))
    return found
