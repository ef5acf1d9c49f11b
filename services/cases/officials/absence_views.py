"""The calendar of absences: one's own days, and for a head those of the office's people."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices import actions as offices
from identity.offices import queries
from identity.offices.access import official
from identity.offices.models import Absence
from identity.offices.powers import Power
from identity.people.access import person_of
from identity.people.models import Person
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases.officials.absence_forms import AbsenceForm


@dataclass(frozen=True, slots=True)
class Row:
    """One absence in the list."""

    absence: Absence
    now: bool
    mine: bool
    deputy_away: Absence | None


@official
def absences(request: HttpRequest) -> HttpResponse:
    """Days away that are not over, the earliest first."""
    person = person_of(request)
    people = _people(person)
    today = clock.today()
    found = list(queries.absences([one.pk for one in people], today))
    of_deputies = list(queries.absences({one.deputy_id for one in found if one.deputy_id}, today))
    rows = [
        Row(
            absence=one,
            now=one.since <= today,
            mine=one.person_id == person.pk,
            deputy_away=next(
                (
                    other
                    for other in of_deputies
                    if other.person_id == one.deputy_id and other.since <= one.until and other.until >= one.since
                ),
                None,
            ),
        )
        for one in found
    ]
    return render(request, "casework/absences.html", {"rows": rows, "heads": len(people) > 1})


@official
def absence_new(request: HttpRequest) -> HttpResponse:
    """Note days away, for oneself or as a head for somebody of the office."""
    person = person_of(request)
    people = _people(person)
    ids = {one.pk: one for one in people}
    asked = request.GET.get("nguoi", "")
    chosen = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in ids else person.pk
    deputies = {one.pk: one for one in [*queries.colleagues_of(person), *people]}
    if len(people) == 1:
        deputies.pop(person.pk, None)
    ordered = sorted(deputies.values(), key=lambda one: one.full_name)
    form = AbsenceForm(request.POST if request.method == "POST" else None, people, ordered, chosen)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            absence = offices.note_absence(
                ids[data["person"]],
                data["since"],
                data["until"],
                by=person,
                deputy=deputies.get(data["deputy"]),
                reason=data["reason"],
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("Noted: %(name)s is away.") % {"name": absence.person.full_name})
            return redirect("absences")
    return render(request, "casework/absence_new.html", {"form": form, "heads": len(people) > 1})


@official
@require_POST
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take days away out of the calendar, or be back today."""
    try:
        offices.end_absence(pk, person_of(request))
    except Absence.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Taken out of the calendar."))
    return redirect("absences")


def _people(person: Person) -> list[Person]:
    """Whose days the person may write down: their own, and as a head those of the office's people."""
    led = [post.office for post in queries.posts_of(person) if Power.LEAD in post.powers]
    people = {person.pk: person}
    for office in led:
        people.update({post.person_id: post.person for post in queries.current_posts(office)})
    return [person, *sorted((one for one in people.values() if one.pk != person.pk), key=lambda one: one.full_name)]
