"""What an office notes down in its step, in the questions the procedure gives it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases.actions.events import allowed, record
from services.cases.actions.work import held
from services.cases.models import WorkItem
from services.cases.queries.fields import own_form
from services.forms.validation import unanswered


@transaction.atomic
def fill_fields(item_pk: int, by: Person, values: Mapping[str, Any], seen: int | None = None) -> WorkItem:
    """Keep the answers to the step's own questions, cleaned by its form. Saving what is there already changes nothing."""
    case, item, powers = held(item_pk, by, seen)
    definition = own_form(case, item.step)
    if definition is None:
        raise Refused("work.not_here", _("This step does not have that action."))
    row = allowed("fill_fields", case, powers=powers)
    kept = definition.kept(values)
    if gaps := unanswered(definition, kept, ()):
        raise Refused("fields.missing", str(gaps[0].message), field=gaps[0].field_key, status=422)
    changed = sorted(key for key in kept.keys() | item.values.keys() if kept.get(key) != item.values.get(key))
    if changed:
        item.values, item.touched_at = kept, clock.now()
        item.save(update_fields=["values", "touched_at"])
        record(case, row, by=by, office=item.office, item=item, data={"fields": changed})
    return item
