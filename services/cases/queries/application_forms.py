"""The statutory form of a case (tờ khai): what it says, who may read it, and which ones a worker has to make."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from identity.people.models import Person
from portal.kit import clock
from services.cases.checklist import papers
from services.cases.models import ApplicationForm, Case
from services.cases.queries.official import cases_for_official
from services.cases.queries.representation import readable
from services.cases.queries.resident import sections
from services.forms.definition import Kind
from services.forms.readout import Row, phone

GRACE = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 200
WIDEST = 6
"""Columns a table may have on an upright page; the rows of a wider one are written below each other."""
LONG_QUESTION, LONG_ANSWER = 110, 240
"""Letters from which a question or an answer takes the whole width of the page."""
PLAIN_TITLE = "Đơn đề nghị"


def form_data(case: Case) -> dict[str, Any]:
    """What the form of the case says now, in Vietnamese: ready for the template, the same for the same answers."""
    version, agency = case.version, case.agency
    with override("vi"):
        asked = [{"title": section.title, "parts": _parts(section.rows)} for section in sections(case)]
    document = next((one for one in papers(version.documents, case.circumstance) if _is_form(version.documents, one.key)), None)
    circumstance = next((one["label"] for one in version.circumstances if one["key"] == case.circumstance), "")
    return {
        "title": document.name if document else PLAIN_TITLE,
        "form_code": document.form_code if document else "",
        "agency": agency.name,
        "place": agency.place or settings.PORTAL_PLACE,
        "procedure_name": version.name,
        "procedure_code": version.procedure.code,
        "circumstance": circumstance,
        "filer": _filer(case),
        "sections": asked,
        "signer_name": case.applicant.full_name if case.applicant else "",
        "case_number": case.number or "",
        "saved_at": "" if case.filed_at else clock.local(case.saved_at).isoformat(timespec="minutes"),
        "filed_at": clock.local(case.filed_at).isoformat(timespec="minutes") if case.filed_at else "",
    }


def _is_form(documents: Sequence[dict[str, Any]], key: str) -> bool:
    return any(document["key"] == key and document.get("electronic") == "form" for document in documents)


def _filer(case: Case) -> list[list[str]]:
    """Who files, and for whom; nothing while nobody has signed in."""
    person = case.applicant
    if person is None:
        return []
    rows = [
        ["Họ và tên:", person.full_name],
        ["Số định danh cá nhân:", person.personal_number or ""],
        ["Địa chỉ:", person.address],
        ["Điện thoại:", phone(person.phone) if person.phone else ""],
        ["Thư điện tử:", person.email or ""],
    ]
    if case.principal_name:
        number = f" ({case.principal_number})" if case.principal_number else ""
        rows.append(["Nộp thay cho:", f"{case.principal_name}{number}"])
    return [row for row in rows if row[1]]


def _parts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows with a label and an answer, broken by what needs the whole width: long ones, tables and lists."""
    parts: list[dict[str, Any]] = []
    for row in rows:
        if row.items:
            parts.append(_several(row))
        elif len(row.label) > LONG_QUESTION or (len(row.text) > LONG_ANSWER if row.answered else row.kind == Kind.LONG_TEXT):
            parts.append({"kind": "long", "label": _label(row), "text": _answer(row)})
        else:
            if not parts or parts[-1]["kind"] != "rows":
                parts.append({"kind": "rows", "rows": []})
            parts[-1]["rows"].append([_label(row), _answer(row)])
    return parts


def _label(row: Row) -> str:
    """The question as a form prints it: with a colon, or with its own question mark."""
    plain = row.label.rstrip(" :.")
    return plain if plain.endswith("?") else f"{plain}:"


def _answer(row: Row) -> str:
    return row.text if row.answered else ""


def _several(row: Row) -> dict[str, Any]:
    """The entries of a group: a table where its columns fit on the page, else one below the other."""
    columns = {one.field_key: one.label for entry in row.items for one in entry}
    if len(columns) <= WIDEST:
        cells = [{one.field_key: _answer(one) for one in entry} for entry in row.items]
        body = [[entry.get(key, "") for key in columns] for entry in cells]
        return {"kind": "table", "label": _label(row), "columns": list(columns.values()), "body": body}
    entries = [[[_label(one), _answer(one)] for one in entry] for entry in row.items]
    return {"kind": "entries", "label": _label(row), "entries": entries}


def form_digest(data: dict[str, Any]) -> str:
    """SHA-256 of what a form says. When the draft was saved is no part of it: saving the same answers again makes no other form."""
    said = {key: value for key, value in data.items() if key != "saved_at"}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def draft_form(case: Case) -> ApplicationForm | None:
    """The newest form of a draft that was asked for; it may be of earlier answers."""
    return case.application_forms.filter(is_draft=True).defer("data").order_by("-asked_at", "-pk").first()


def filed_form(case: Case) -> ApplicationForm | None:
    """The form that was made when the case was filed."""
    return case.application_forms.filter(is_draft=False).defer("data").order_by("-pk").first()


def my_form(person: Person, number: str) -> ApplicationForm:
    """The finished form of a filed case the person may read. Raises ApplicationForm.DoesNotExist."""
    return _finished().get(readable(person, "case__"), case__number=number)


def form_for_official(person: Person, number: str) -> ApplicationForm:
    """The finished form of a case the official may see. Raises ApplicationForm.DoesNotExist."""
    return _finished().get(case__in=cases_for_official(person).filter(number=number))


def _finished() -> QuerySet[ApplicationForm]:
    return ApplicationForm.objects.filter(is_draft=False, state=ApplicationForm.State.READY).select_related("case").defer("data")


def forms_waiting() -> list[int]:
    """Keys of forms that were asked for and are not made; each failure doubles the wait, to an hour."""
    now = clock.now()
    waiting = ApplicationForm.objects.filter(state=ApplicationForm.State.WAITING, asked_at__lt=now - GRACE).order_by("asked_at")
    rows = waiting.values_list("pk", "attempts", "tried_at")[:BATCH]
    return [pk for pk, attempts, tried_at in rows if tried_at is None or now - tried_at >= wait_after(attempts)]


def wait_after(attempts: int) -> timedelta:
    """How long a form is left to the worker that began on it for the n-th time."""
    return min(GRACE * (1 << min(attempts, 9)), LONGEST_WAIT)


def is_current(form: ApplicationForm, case: Case) -> bool:
    """Whether the form says what the answers are now."""
    return form.digest == form_digest(form_data(case))
