"""Where filing starts: what is needed, at which agency, a new application or the way back to a draft."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.kit import clock
from portal.kit.access import public
from services.cases import beginning, eligibility, keeping, queries
from services.cases.behalf import Behalf
from services.cases.behalf_forms import BeginForm
from services.cases.filer import filer_of, known_filer, remember
from services.cases.filing_steps import address, first_step
from services.cases.filling_time import minutes_needed
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure, Version
from services.fees import tariff
from services.fees.wording import amount_text, reason_text
from services.forms.definition import parse

DRAFTS_SHOWN = 5


@public
@never_cache
def file_start(request: HttpRequest, code: str) -> HttpResponse:
    """What is needed, at which agency, and the way into a new application or back to a draft. Nothing is written here."""
    try:
        version = catalogue.version_of(code)
    except Procedure.DoesNotExist:
        raise Http404 from None
    filer = filer_of(request)
    person = filer.person
    retired = catalogue.is_retired(version.procedure)
    questions = eligibility.questions(version.eligibility)
    fits = beginning.read_fits(request.GET.get(beginning.FITS, ""), version)
    verdict = eligibility.judge(questions, fits)
    agencies = list(catalogue.agencies_for(version))
    drafts = list(queries.my_drafts(filer, version)[:DRAFTS_SHOWN])
    online = any(channel["channel"] == "online" for channel in version.channels)
    can_file = bool(agencies) and online and not retired and not (person is not None and person.is_official)
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        version=version,
        agencies=agencies,
        address=person.address if person else "",
    )
    if request.method == "POST" and can_file and verdict.fits:
        if drafts and "another" not in request.POST:
            messages.info(request, _("There is a draft of this procedure already. It was opened instead of a second one."))
            return redirect("file_continue", key=drafts[0].key)
        if form.is_valid():
            return _lead_in(request, version, form, fits, another=bool(drafts))
    context = {
        "version": version,
        "procedure": version.procedure,
        "form": form,
        "drafts": drafts,
        "can_file": can_file,
        "retired": retired,
        "questions": len(questions),
        "fits": bool(questions) and verdict.fits,
        "warned": verdict.warned if verdict.fits else [],
        "fits_word": request.GET.get(beginning.FITS, "") if fits else "",
        "papers": _papers_by_circumstance(version),
        "limit": _limit_text(version),
        "fees": [
            (line.label, amount_text(line), reason_text(line)) for line in tariff.lines(version.fees, "online", on=clock.today())
        ],
        "minutes": minutes_needed(version, parse(version.form)),
        "another": "another" in request.POST,
        "only_agency": agencies[0] if len(agencies) == 1 else None,
        "days_kept": keeping.days(signed_in=person is not None),
    }
    return render(request, "filing/start.html", context)


def _lead_in(request: HttpRequest, version: Version, form: BeginForm, fits: dict[str, bool], *, another: bool) -> HttpResponse:
    """To the first page of an application with these choices, or to for whom it is. The browser of a visitor gets its secret now."""
    behalf = form.behalf_chosen
    choices = beginning.Choices(
        uuid4(), version.pk, form.agency_chosen.pk, form.circumstance_chosen, another, behalf=behalf.value, fits=fits
    )
    case = queries.begun(known_filer(request), choices)
    case.beginning = beginning.sign(choices)
    response = redirect(first_step(case) if behalf == Behalf.SELF else address("file_behalf", case))
    if case.applicant_id is None:
        remember(request, response)
    return response


def _limit_text(version: Version) -> str:
    unit = Version.LimitUnit(version.limit_unit)
    return version.limit_text or f"{version.limit_value} {unit.label}"


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """Papers that belong to one circumstance; an empty title: to all of them."""

    title: str
    names: list[tuple[str, bool]]


def _papers_by_circumstance(version: Version) -> list[PaperGroup]:
    """What must be uploaded: first what every circumstance needs, then what each needs besides."""
    uploads = [document for document in version.documents if document.get("electronic", "upload") == "upload"]
    common = [document for document in uploads if not document.get("circumstances")]
    groups = [PaperGroup("", [(document["name"], bool(document.get("required"))) for document in common])]
    for circumstance in version.circumstances:
        own = [document for document in uploads if circumstance["key"] in (document.get("circumstances") or [])]
        groups.append(PaperGroup(circumstance["label"], [(document["name"], bool(document.get("required"))) for document in own]))
    return [group for group in groups if group.names]
