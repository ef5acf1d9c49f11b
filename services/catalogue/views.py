"""The public catalogue: home, search, and the page of a procedure."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.kit import paging
from portal.kit.access import public
from services.catalogue import page, queries
from services.catalogue.models import Procedure
from services.catalogue.spelling import with_marks

POPULAR = 6
PER_DOMAIN = 4
PER_PAGE = 20


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, with the search in front."""
    context = {"popular": queries.popular(POPULAR), "domains": queries.domains(), "events": page.life_events()}
    return render(request, "catalogue/home.html", context)


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Search results, or the catalogue by field of law; narrowed by field, audience, event of life and deciding office."""
    text = request.GET.get("q", "").strip()
    domains = queries.domains()
    offices, events = queries.deciding_offices(), page.life_events()
    chosen = next((domain for domain in domains if domain.slug == request.GET.get("linh-vuc")), None)
    event = next((event for event in events if event.slug == request.GET.get("su-kien")), None)
    office = next((office for office in offices if office.slug == request.GET.get("co-quan")), None)
    audience = request.GET.get("doi-tuong", "")
    filters = queries.Filters(
        domain=chosen.slug if chosen else "",
        audience=audience if audience in queries.AUDIENCES else "",
        life_event=event.slug if event else "",
        office=office.slug if office else "",
    )
    context: dict[str, Any] = {
        "text": text,
        "domains": domains,
        "offices": offices,
        "events": events,
        "chosen": chosen,
        "event": event,
        "filters": filters,
        "audiences": [("", _("Everybody")), ("nguoi-dan", _("People")), ("doanh-nghiep", _("Businesses and organisations"))],
    }
    if text or filters.domain or filters.life_event or filters.office:
        context |= _found(request, text, filters)
    else:
        context["groups"] = queries.by_domain(filters, most=PER_DOMAIN)
    return render(request, "catalogue/procedures.html", context)


def _found(request: HttpRequest, text: str, filters: queries.Filters) -> dict[str, Any]:
    """The results; of what was probably meant when what was said finds nothing, and else the nearest."""
    order, after = ("-exact", "-filings", "id"), request.GET.get("sau")
    found = paging.page(queries.search(text, filters), order, after=after, size=PER_PAGE)
    if found.items:
        return {"page": found}
    if meant := queries.suggestion(text, filters):
        listed = paging.page(queries.search(meant, filters), order, after=after, size=PER_PAGE)
        names = [procedure.current.name for procedure in listed.items if procedure.current]
        return {"page": listed, "meant": with_marks(meant, names)}
    return {"page": found, "nearest": list(queries.nearest(text, filters))}


@public
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that must be published about a procedure (Điều 15 Nghị định 224/2026/NĐ-CP)."""
    try:
        found = queries.procedure(code)
    except Procedure.DoesNotExist:
        raise Http404 from None
    version = found.current
    if version is None:
        raise Http404
    retired = queries.is_retired(found)
    context = page.context(found, version) | {
        "breadcrumbs": [
            (_("Home"), reverse("home")),
            (_("Procedures"), reverse("procedures")),
            (found.domain.name, f"{reverse('procedures')}?linh-vuc={found.domain.slug}"),
        ],
        "retired": retired,
        "upcoming": queries.upcoming(found),
        "online": version.files_online and not retired,
    }
    return render(request, "catalogue/procedure.html", context)
