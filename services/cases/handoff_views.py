"""Finishing an application at a counter, as the applicant sees it: consent, the code, where it is, taking it back."""

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.kit.access import public
from portal.kit.refusal import Refused
from services.cases import actions, handoff
from services.cases.filer import filer_of
from services.cases.filing_access import own_case, sign_in_first
from services.cases.filing_steps import first_step
from services.cases.models import Case


class ConsentForm(forms.Form):
    """What a person agrees to before an official opens the application."""

    use_required_attribute = False

    consent = forms.BooleanField(
        label=gettext_lazy("I let the officials of the counter read this application, complete it and file it while I am there."),
        error_messages={"required": gettext_lazy("Tick the box to let the counter open the application")},
    )


@public
@never_cache
@own_case
def file_at_counter(request: HttpRequest, case: Case) -> HttpResponseBase:
    """Consent, then the code; then where the application is. Looks again by itself, so that the phone shows when it was taken."""
    if case.beginning:
        return redirect(first_step(case))
    person = filer_of(request).person
    if person is None:
        return sign_in_first(request, case.key)
    if case.clerk is not None:
        return redirect("counter_check", key=case.key)
    moving = getattr(getattr(request, "htmx", None), "target", None) == "handoff"
    if case.state != Case.State.DRAFT:
        return render(request, "filing/at_counter_live.html", {"case": case}) if moving else redirect("file_done", key=case.key)
    form = ConsentForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    if request.method == "POST":
        if "take_back" in request.POST:
            actions.take_back(case, person)
            messages.success(request, _("The application is yours alone again. Nothing that was filled in is lost."))
            return redirect("file_continue", key=case.key)
        if "call_off" in request.POST:
            actions.call_off(case, person)
            return redirect("handoff", key=case.key)
        if form.is_valid():
            try:
                actions.offer(case, person)
            except Refused as refused:
                messages.info(request, refused.message)
            return redirect("handoff", key=case.key)
    standing = actions.offered(case) if case.reception_id is None else None
    context: dict[str, object] = {"case": case, "form": form, "standing": standing}
    if standing:
        code, until = standing
        context |= {"code": handoff.spaced(code), "until": until, "qr": _qr(case, code)}
    template = "filing/at_counter_live.html" if moving else "filing/at_counter_page.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _qr(case: Case, code: str) -> str:
    """The picture of the address that officials open; it carries nothing about the applicant."""
    address = f"{settings.SITE_URL}{reverse('counter_code')}?{urlencode({handoff.PARAMETER: handoff.sign(case.key, code)})}"
    return segno.make(address, error="m", micro=False).svg_data_uri(border=4, scale=4, dark="#000", light="#fff", omitsize=True)
