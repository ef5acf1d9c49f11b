"""Labels: an office's list of them, and putting them on cases and taking them off."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from identity.offices.models import Office
from identity.people.models import Person
from portal.kit.refusal import Refused
from services.cases import ordering
from services.cases.actions.events import allowed, check_seen, locked, record
from services.cases.models import Case, CaseLabel, Label
from services.cases.queries import labels as queries
from services.cases.queries.authority import powers_on
from services.cases.queries.canned import office_for, office_of
from services.cases.queries.official import cases_for_official

# On a case


@transaction.atomic
def put(case_pk: int, label_pk: int, by: Person, *, seen: int | None = None) -> bool:
    """Put a label on a case; False when it is there already. Case.DoesNotExist and Label.DoesNotExist for strangers."""
    case, label = _reached(case_pk, label_pk, by)
    action = allowed("label", case, powers=powers_on(case, by))
    check_seen(case, seen, by)
    if not label.is_active:
        raise Refused("label.retired", _("This label is no longer in use."), field="label", status=422)
    if CaseLabel.objects.filter(case=case, label=label).exists():
        return False
    CaseLabel.objects.create(case=case, label=label, by=by)
    record(case, action, by=by, office=office_for(case, by), note=label.name, data={"label": label.pk})
    return True


@transaction.atomic
def take_off(case_pk: int, label_pk: int, by: Person, *, seen: int | None = None) -> bool:
    """Take a label off a case; False when it is not there. Case.DoesNotExist and Label.DoesNotExist for strangers."""
    case, label = _reached(case_pk, label_pk, by)
    action = allowed("unlabel", case, powers=powers_on(case, by))
    check_seen(case, seen, by)
    gone, _each = CaseLabel.objects.filter(case=case, label=label).delete()
    if not gone:
        return False
    record(case, action, by=by, office=office_for(case, by), note=label.name, data={"label": label.pk})
    return True


def _reached(case_pk: int, label_pk: int, by: Person) -> tuple[Case, Label]:
    if not cases_for_official(by).filter(pk=case_pk).exists():
        raise Case.DoesNotExist
    return locked(case_pk), queries.label_for(by, label_pk)


# The list of an office


def save_label(by: Person, office: Office, *, name: str, colour: str, label: Label | None = None) -> Label:
    """Make a label, or change one of the office. Office.DoesNotExist for whoever handles no cases there."""
    office = office_of(by, office.pk)
    if label is None:
        last = Label.objects.filter(office=office).aggregate(last=Max("position"))["last"]
        label = Label(office=office, position=0 if last is None else last + 1)
    label.name, label.colour = name.strip(), colour
    try:
        with transaction.atomic():
            label.save()
    except IntegrityError as same:
        raise Refused("label.twice", _("The office already has a label of this name."), field="name", status=422) from same
    return label


def set_label_active(by: Person, label: Label, *, active: bool) -> None:
    """Take a label out of use, or back into it. It stays on the cases that carry it."""
    office_of(by, label.office_id)
    Label.objects.filter(pk=label.pk).update(is_active=active)


@transaction.atomic
def move_label(by: Person, label: Label, *, up: bool) -> None:
    """Put a label one place up or down in the office's list."""
    office_of(by, label.office_id)
    rows = {row.pk: row for row in queries.labels_of(label.office).select_for_update()}
    for position, pk in enumerate(ordering.moved(list(rows), label.pk, up=up)):
        rows[pk].position = position
    Label.objects.bulk_update(rows.values(), ["position"])
