"""Pages for when something went wrong before a view could run."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.kit.access import public


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret is missing or too old: most often a page left open for long."""
    response = render(request, "csrf_failure.html", status=403)
    if "HX-Request" in request.headers:
        # A part of a page cannot show this; the page itself, loaded anew, has a fresh secret.
        response.headers["HX-Refresh"] = "true"
    return response


@public
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database and the cache answer; for load balancers and monitors. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.get("health")
    return HttpResponse("ok", content_type="text/plain")
