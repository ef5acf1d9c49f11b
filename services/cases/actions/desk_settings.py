"""How a person wants their queue: columns, shortcuts, saved filters."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import queue_filters
from services.cases.models import DeskSettings, SavedFilter
from services.cases.queries.queue import may_remove, saved_filters, sharing_offices
from services.cases.queue_filters import Filters

MOST_FILTERS = 30


def choose_columns(by: Person, columns: Sequence[str]) -> None:
    """Show these columns in this order; none: the usual ones."""
    chosen = queue_filters.columns(columns) if columns else []
    DeskSettings.objects.update_or_create(person=by, defaults={"columns": chosen})


def set_shortcuts(by: Person, *, on: bool) -> None:
    """Whether single keys do something on the person's pages."""
    DeskSettings.objects.update_or_create(person=by, defaults={"shortcuts": on})


@transaction.atomic
def save_filter(by: Person, name: str, filters: Filters, office: Office | None = None) -> SavedFilter:
    """Keep the filters under a name, for oneself or for an office one works at. The same name again replaces them."""
    if not name.strip():
        raise Refused("filter.name", _("Give the filter a name."), field="name", status=422)
    if office is not None and office.pk not in {one.pk for one in sharing_offices(by)}:
        raise Refused("filter.office", _("A filter can be shared only in an office you work at."), field="office", status=403)
    Person.objects.select_for_update().get(pk=by.pk)
    saved = SavedFilter.objects.filter(owner=by, office=office, name=name.strip()[:60]).first()
    if saved is None:
        if SavedFilter.objects.filter(owner=by).count() >= MOST_FILTERS:
            raise Refused("filter.many", _("You have kept 30 filters. Remove one before keeping another."), status=409)
        saved = SavedFilter(owner=by, office=office, name=name.strip()[:60])
    saved.query = filters.plain()
    saved.save()
    return saved


@transaction.atomic
def rename_filter(pk: int, by: Person, name: str) -> None:
    """Give one's own filter another name. Raises SavedFilter.DoesNotExist for another's."""
    saved = SavedFilter.objects.select_for_update().get(pk=pk, owner=by)
    if not name.strip():
        raise Refused("filter.name", _("Give the filter a name."), field="name", status=422)
    saved.name = name.strip()[:60]
    try:
        with transaction.atomic():
            saved.save(update_fields=["name"])
    except IntegrityError as error:
        raise Refused("filter.taken", _("There is a filter with this name already."), field="name", status=409) from error


@transaction.atomic
def remove_filter(pk: int, by: Person) -> None:
    """Remove one's own filter, or as head one that is shared in the office. Raises SavedFilter.DoesNotExist."""
    saved = next((one for one in saved_filters(by) if one.pk == pk), None)
    if saved is None:
        raise SavedFilter.DoesNotExist
    if not may_remove(saved, by):
        raise Refused("filter.not_yours", _("Only its owner or the head of the office removes a shared filter."), status=403)
    saved.delete()
