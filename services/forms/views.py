"""What the pages of forms ask for besides: wards for lists, names of wards to look through, the format of definitions."""

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html_join
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.kit.access import public
from services.forms import finding, places

SCHEMA = Path(__file__).with_name("definition.schema.json")
DAY = 24 * 3600


@public
@require_safe
@cache_control(public=True, max_age=DAY)
def wards(request: HttpRequest) -> HttpResponse:
    """`<option>` elements for the wards of `?province=`; nothing when there is no such province. The same for everybody."""
    found = places.wards(request.GET.get("province", ""))
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', ((ward.code, ward.name) for ward in found)))


@public
@require_safe
@cache_control(public=True, max_age=DAY)
def ward_names(request: HttpRequest) -> JsonResponse:
    """Every ward with its province, and old names with what became of them: looked through where they are typed."""
    named = [[one.ward, one.province, places.ward_name(one.ward), *([one.was] if one.was else [])] for one in finding.known()]
    return JsonResponse({"provinces": [[one.code, one.name] for one in places.provinces()], "wards": named})


@public
@require_safe
@cache_control(public=True, max_age=DAY)
def definition_schema(request: HttpRequest) -> FileResponse:
    """The format of form definitions as JSON Schema."""
    return FileResponse(SCHEMA.open("rb"), content_type="application/schema+json")
