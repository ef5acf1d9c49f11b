"""The statutory form of any definition can be drawn, whatever was answered."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity.offices.models import Office
from services.cases.models import Case
from services.cases.queries.application_forms import form_data
from services.catalogue.models import Procedure, Version
from services.documents import pdf
from services.forms import sample
from services.forms.definition import Kind, parse
from tests.services.forms.forms import TODAY, all_fields, answers_for, definitions, field, page, raw


def drawn(form: dict[str, Any], answers: dict[str, Any]) -> bytes:
    version = Version(form=form, name="Thủ tục", documents=[], circumstances=[], procedure=Procedure(code="1.000001"))
    case = Case(version=version, agency=Office(name="Ủy ban nhân dân phường"), answers=answers, number="H29-261123-0001")
    data = form_data(case)
    return bytes(pdf.draw("application_form", code="", title=data["title"], data=data).content)


def test_every_kind_on_one_form() -> None:
    needed = {
        Kind.GROUP: {"fields": [field("text", "inner"), field("address", "inner_home")]},
        Kind.TABLE: {"fields": [field("number", "column"), field("money", "price")]},
        Kind.CALCULATED: {"formula": {"sum": [{"var": "f_table.column"}]}},
    }
    form = raw(page(*(field(kind.value, f"f_{kind.value}", **needed.get(kind, {})) for kind in Kind)))
    assert drawn(form, sample.answers(parse(form), TODAY)).startswith(b"%PDF")


@pytest.mark.parametrize("junk", [False, True])
@given(made=definitions(), data=st.data())
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_form(made: dict[str, Any], data: st.DataObject, junk: bool) -> None:
    answers = data.draw(answers_for(all_fields(made))) if junk else sample.answers(parse(made), TODAY)
    assert drawn(made, answers).startswith(b"%PDF")
