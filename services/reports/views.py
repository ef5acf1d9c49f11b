"""The supervisors' page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from identity.offices.access import holding
from identity.offices.models import Office
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit import charts, clock
from services.reports import queries
from services.reports.measures import Month, months_until

BARS_SHOWN = 10


@holding(Power.SUPERVISE)
def supervision(request: HttpRequest) -> HttpResponse:
    """How the person's offices stand and where work is late; offices and procedures only, never single officials."""
    assert isinstance(request.user, Person)
    scope = queries.scope(request.user)
    chosen = _chosen(scope, request.GET.get("don-vi", ""))
    agencies = queries.below(scope, chosen) if chosen else scope
    this_month = Month.of(clock.today())
    month = Month.parse(request.GET.get("thang", "")) or this_month
    month = min(month, this_month)
    procedures = queries.by_procedure(agencies, month)
    by_agency = queries.by_agency(agencies, month)
    months = months_until(this_month)
    context = {
        "scope": [(office, _depth(office, scope)) for office in scope],
        "chosen": chosen,
        "month": month,
        "months": months if month in months else [*months, month],
        "total": queries.totals(agencies, month),
        "procedures": procedures,
        "agencies": by_agency,
        "open_chart": charts.bars(
            [(line.label, line.open) for line in _top(procedures)],
            title=_("Open cases by procedure"),
            unit=_("cases"),
        ),
        "rate_chart": _rates(by_agency, procedures),
        "worst": queries.worst(agencies),
        "jams": queries.jams(agencies),
    }
    return render(request, "reports/supervision.html", context)


def _top(lines: list[queries.Figures]) -> list[queries.Figures]:
    return sorted((line for line in lines if line.open), key=lambda line: -line.open)[:BARS_SHOWN]


def _rates(by_agency: list[queries.Figures], procedures: list[queries.Figures]) -> charts.BarChart:
    """The lowest rates first: of agencies, or of procedures where there is only one agency to compare."""
    lines, title = [line for line in by_agency if line.ended], _("Ended on time, by agency")
    if len(lines) < 2:
        lines, title = [line for line in procedures if line.ended], _("Ended on time, by procedure")
    lowest = sorted(lines, key=lambda line: (line.rate or 0, -line.ended))[:BARS_SHOWN]
    return charts.bars(
        [(line.label, float(line.rate or 0), str(line.grade)) for line in lowest], title=title, unit="%", maximum=100
    )


def _chosen(scope: list[Office], code: str) -> Office | None:
    if not code:
        return None
    found = next((office for office in scope if office.code == code), None)
    if found is None:
        raise Http404
    return found


def _depth(office: Office, scope: list[Office]) -> int:
    """How many offices of the scope stand above this one."""
    return sum(office.path.startswith(other.path) for other in scope if other.pk != office.pk)
