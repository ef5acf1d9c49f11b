"""The wards of a province, for the second of two selects."""

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.kit.access import public
from services.forms import places


@public
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def wards(request: HttpRequest) -> HttpResponse:
    """`<option>` elements for the wards of `?province=`; nothing when there is no such province. The same for everybody."""
    found = places.wards(request.GET.get("province", ""))
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', ((ward.code, ward.name) for ward in found)))
