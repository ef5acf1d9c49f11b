"""Who else has a case open: a part of the case page that refreshes itself while its tab is visible."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from identity.offices.access import official
from identity.people.access import person_of
from services.cases.models import Case
from services.cases.queries import presence


@official
@never_cache
def casework_presence(request: HttpRequest, number: str) -> HttpResponse:
    """Names and offices of the others; `?viet` says that the person is writing."""
    try:
        others = presence.look(number, person_of(request), writing="viet" in request.GET)
    except Case.DoesNotExist:
        raise Http404 from None
    return render(request, "casework/presence_list.html", {"others": others})
