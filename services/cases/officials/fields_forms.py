"""The questions a step asks its office, as a form."""

from collections.abc import Mapping
from typing import Any

from services.cases.models import WorkItem
from services.cases.queries.fields import PAGE, own_form
from services.forms.build import PageForm, form_class


def fields_form(item: WorkItem, data: Mapping[str, Any] | None = None) -> PageForm | None:
    """The form, with what was noted down or `data` as typed; None for a step that asks nothing."""
    definition = own_form(item.case, item.step)
    return form_class(definition, PAGE, item.values)(data) if definition is not None else None
