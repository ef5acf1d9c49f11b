"""The public catalogue: home, search, and the page of a procedure."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.kit import clock, paging
from portal.kit.access import public
from services.catalogue import page, queries
from services.catalogue.models import Procedure

POPULAR = 6
PER_DOMAIN = 4
PER_PAGE = 20


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What can be done here, with the search in front."""
    return render(request, "catalogue/home.html", {"popular": queries.popular(POPULAR), "domains": queries.domains()})


@public
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Search results, or the catalogue by field of law."""
    text = request.GET.get("q", "").strip()
    domains = queries.domains()
    chosen = next((domain for domain in domains if domain.slug == request.GET.get("linh-vuc")), None)
    audience = request.GET.get("doi-tuong", "")
    audience = audience if audience in queries.AUDIENCES else ""
    context: dict[str, Any] = {
        "text": text,
        "domains": domains,
        "chosen": chosen,
        "audience": audience,
        "audiences": [("", _("Everybody")), ("nguoi-dan", _("People")), ("doanh-nghiep", _("Businesses and organisations"))],
    }
    if text or chosen:
        slug = chosen.slug if chosen else None
        found = paging.page(
            queries.search(text, slug, audience), ("-exact", "-filings", "id"), after=request.GET.get("sau"), size=PER_PAGE
        )
        context |= {"page": found, "nearest": [] if found.items else list(queries.nearest(text, slug, audience))}
    else:
        context["groups"] = queries.by_domain(audience, most=PER_DOMAIN)
    return render(request, "catalogue/procedures.html", context)


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
    context = {
        "procedure": found,
        "version": version,
        "breadcrumbs": [
            (_("Home"), reverse("home")),
            (_("Procedures"), reverse("procedures")),
            (found.domain.name, f"{reverse('procedures')}?linh-vuc={found.domain.slug}"),
        ],
        "online": version.files_online,
        "ways": page.ways(version),
        "fees": page.fees(version, clock.today()),
        "circumstances": page.circumstances(version),
        "route": page.route(version),
        "route_minutes": page.route_minutes(version),
        "offices": queries.receiving_offices(version),
    }
    return render(request, "catalogue/procedure.html", context)
