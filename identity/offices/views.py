"""Where a person begins after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from identity.offices import queries
from identity.offices.powers import CASE_POWERS, Power
from identity.people.models import Person
from portal.kit.access import signed_in


@signed_in
@never_cache
def home_of_person(request: HttpRequest) -> HttpResponse:
    """Residents go to their cases; officials to the page of the work their posts give them."""
    person: Person = request.user  # type: ignore[assignment]  # signed in
    if not person.is_official:
        return redirect("my_cases")
    powers = queries.powers_of(person)
    if powers and not CASE_POWERS.intersection(Power(power) for power in powers):
        if Power.SUPERVISE in powers:
            return redirect("supervision")
        if Power.EDIT_CATALOGUE in powers:
            return redirect("editor")
        if Power.ADMINISTER in powers and person.is_staff:
            return redirect("admin:index")
    return redirect("queue")
