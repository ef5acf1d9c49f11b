"""The door for gateways and mail servers: what became of a message."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.kit import clock
from portal.kit.access import public
from services.notices import actions, reports


@public
@csrf_exempt
@require_POST
def delivery_reports(request: HttpRequest) -> HttpResponse:
    """Take signed reports; the same request again changes nothing, because each report only ever moves a message on. 404 where no secret is set, 403 for a wrong signature."""
    if not settings.DELIVERY_REPORT_SECRET:
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > reports.LONGEST_BODY:
        return JsonResponse({"error": "too large"}, status=413)
    header = request.headers.get("X-Signature", "")
    if not reports.is_signed(settings.DELIVERY_REPORT_SECRET, header, request.body, clock.now()):
        return JsonResponse({"error": "signature"}, status=403)
    try:
        found = reports.read(request.body)
    except reports.Unreadable as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"changed": actions.keep_reports(found)})
