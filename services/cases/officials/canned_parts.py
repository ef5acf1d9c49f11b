"""Canned texts beside a text area: filled for the case, ready to be put in."""

from typing import Any

from django import forms
from django.http import HttpRequest

from identity.offices.models import Office
from identity.people.access import person_of
from identity.people.models import Person
from services.cases import canned_text
from services.cases.models import Case
from services.cases.queries import canned as queries


def canned_part(person: Person, use: str, case: Case | None = None, office: Office | None = None) -> dict[str, Any]:
    """The texts for that use, filled for the case; without a case as they were written. One query, and one for the office.

    The template casework/canned.html shows them; it stands before the form it writes into, never inside it.
    """
    values = queries.values_for(case, person, office) if case is not None else None
    return {"canned": [(one, canned_text.fill(one.body, values) if values else one.body) for one in queries.usable(person, use)]}


def canned_into(request: HttpRequest, form: forms.Form, field: str, use: str, case: Case) -> dict[str, Any]:
    """The same for one field of a form; without JavaScript the chosen text (`?mau=`) is what the field begins with."""
    part = canned_part(person_of(request), use, case)
    chosen = request.GET.get("mau", "")
    for one, text in part["canned"]:
        if not form.is_bound and str(one.pk) == chosen:
            form.initial[field] = text
    return part
