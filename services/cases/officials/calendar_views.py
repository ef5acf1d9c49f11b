"""The working calendar of an agency: a year as a picture, days off and make-up days with their decisions."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from identity.offices import actions as offices
from identity.offices import queries
from identity.offices.access import holding
from identity.offices.models import CalendarDay, Office
from identity.offices.powers import Power
from identity.people.access import person_of
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases.officials.calendar_forms import WorkingDayForm
from services.cases.officials.calendar_parts import year_of
from services.cases.queries.calendars import promised_across


@holding(Power.ADMINISTER)
@never_cache
def working_days(request: HttpRequest) -> HttpResponse:
    """A year of one agency."""
    agencies = list(queries.calendar_offices(person_of(request)))
    office = _chosen(request, agencies)
    today = clock.today().year
    asked = request.GET.get("nam", "")
    years = range(today - 1, today + 3)
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else today
    context = {"office": office, "agencies": agencies, "year": year_of(office, year), "years": years}
    return render(request, "casework/working_days.html", context)


@holding(Power.ADMINISTER)
@never_cache
def working_day_new(request: HttpRequest) -> HttpResponse:
    """Decide a day: what it would change is shown first."""
    office = _chosen(request, list(queries.calendar_offices(person_of(request))))
    form = WorkingDayForm(request.POST or None, initial={"day": request.GET.get("ngay")})
    promised = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "save":
                offices.decide_day(person_of(request), office.pk, **form.said())
                messages.success(request, _("Decided. What is counted from now on counts with this day."))
                return redirect(_year_page(office, form.cleaned_data["day"]))
            offices.check_day(office, **form.said())
            promised = promised_across(office, form.cleaned_data["day"])
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    context = {"office": office, "form": form, "promised": promised, "back": _year_page(office, clock.today())}
    return render(request, "casework/working_day_new.html", context)


@holding(Power.ADMINISTER)
@never_cache
def working_day_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, after a look at what that changes."""
    person = person_of(request)
    row = CalendarDay.objects.select_related("office").filter(pk=pk, office__in=queries.calendar_offices(person)).first()
    if row is None or row.office is None:
        raise Http404
    if request.method == "POST":
        try:
            offices.take_back_day(person, pk)
            messages.success(request, _("The decision is taken back."))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(_year_page(row.office, row.day))
    context = {"row": row, "promised": promised_across(row.office, row.day), "back": _year_page(row.office, row.day)}
    return render(request, "casework/working_day_remove.html", context)


def _chosen(request: HttpRequest, agencies: list[Office]) -> Office:
    """The agency the address names, else the highest. 404 for one the person does not administer."""
    asked = request.GET.get("don-vi", "")
    found = next((office for office in agencies if str(office.pk) == asked), None) if asked else next(iter(agencies), None)
    if found is None:
        raise Http404
    return found


def _year_page(office: Office, day: date) -> str:
    return f"{reverse('working_days')}?don-vi={office.pk}&nam={day.year}"
