"""The counter: who is present, what they apply for, filing in their presence, the receipt in print, the way from the phone and back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from identity.offices.access import holding
from identity.offices.powers import Power
from identity.offices.queries import agency_of
from identity.people import actions as people
from identity.people import contacts
from identity.people import queries as who
from identity.people.access import person_of
from identity.people.models import Person
from identity.trail.actions import record_look
from portal.kit import clock
from portal.kit.refusal import Refused
from services.cases import actions, filing_papers, handoff, queries
from services.cases.filing_views import check_facts
from services.cases.handoff import HandedIn
from services.cases.models import Case
from services.cases.officials.counter_forms import CodeForm, CounterStartForm, FilingForm, PresentForm
from services.cases.queries import counter
from services.cases.queries.papers import heads
from services.catalogue import queries as catalogue
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument

SALT = "services.cases.officials.counter"
SECONDS = 8 * 3600
"""How long a person who came to the counter stays the one who is present."""
FOUND = 20


@holding(Power.RECEIVE)
@never_cache
def counter_home(request: HttpRequest) -> HttpResponse:
    """Who is present: their account is found or made. Below, what lies at the counter and what it received last."""
    person = person_of(request)
    form, status = PresentForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                present = people.register_at_counter(**form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            else:
                record_look(person, f"person:{present.pk}", "counter")
                return redirect("counter_person", word=signing.dumps([person.pk, present.pk], salt=SALT))
        status = 422
    context = {
        "form": form,
        "counters": counter.counters(person),
        "drafts": counter.counter_drafts(person),
        "received": counter.received_cases(person),
    }
    return render(request, "casework/counter.html", context, status=status)


def _present(request: HttpRequest, word: str) -> Person:
    """The person who stands before this official; 404 for a word made for a colleague, or made too long ago."""
    try:
        official, pk = signing.loads(word, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        raise Http404 from None
    if official != person_of(request).pk:
        raise Http404
    return Person.objects.get(pk=pk)


@holding(Power.RECEIVE)
@never_cache
def counter_person(request: HttpRequest, word: str) -> HttpResponse:
    """The person present, what lies at the counter for them, and the search for the procedure."""
    person, present = person_of(request), _present(request, word)
    text = request.GET.get("q", "")[:80].strip()
    found = list(catalogue.search(text).order_by("-exact", "-filings", "id")[:FOUND]) if text else catalogue.popular(6)
    contact, proved = who.contact_of(present)
    context = {
        "present": present,
        "word": word,
        "contact": contacts.shown(contact) if contact else "",
        "proved": proved,
        "unclaimed": who.waits_for_owner(present),
        "text": text,
        "procedures": found,
        "drafts": counter.counter_drafts(person, present),
    }
    return render(request, "casework/counter_person.html", context)


@holding(Power.RECEIVE)
@never_cache
def counter_start(request: HttpRequest, word: str, code: str) -> HttpResponse:
    """Circumstance, agency and counter; then the same pages as the applicant would fill in."""
    person, present = person_of(request), _present(request, word)
    try:
        version = catalogue.version_of(code)
    except Procedure.DoesNotExist:
        raise Http404 from None
    agencies = list(catalogue.agencies_for(version))
    form = CounterStartForm(
        request.POST if request.method == "POST" else None,
        version=version,
        agencies=agencies,
        address=present.address,
        counters=counter.counters(person),
    )
    if request.method == "POST" and agencies and form.is_valid():
        case = actions.begin_at_counter(
            person,
            form.counter_chosen,
            present,
            version,
            form.agency_chosen,
            form.circumstance_chosen,
            form.cleaned_data["channel"],
            _key(request),
        )
        return redirect("file_continue", key=case.key)
    context = {
        "present": present,
        "word": word,
        "version": version,
        "form": form,
        "retired": catalogue.is_retired(version.procedure),
        "agency": agencies[0] if len(agencies) == 1 else None,
        "none": not agencies,
        "key": request.POST.get("khoa") or uuid4(),
    }
    return render(request, "casework/counter_start.html", context, status=422 if form.errors else 200)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("khoa", ""))
    except ValueError:
        return uuid4()


# Filing


def _draft(request: HttpRequest, key: UUID) -> Case:
    try:
        case = counter.counter_draft(person_of(request), key)
    except Case.DoesNotExist:
        raise Http404 from None
    case.clerk = person_of(request)
    return case


@holding(Power.RECEIVE)
@never_cache
def counter_check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Everything as it will be filed, what was handed in on paper, and what is missing. POST files it in the applicant's presence."""
    person = person_of(request)
    if done := Case.objects.filter(key=key).exclude(state=Case.State.DRAFT).first():
        return _filed_already(request, done)
    case = _draft(request, key)
    blocks = filing_papers.blocks(case)
    expected = {paper.key: HandedIn(paper.originals, paper.copies) for paper in queries.needed_papers(case)}
    data = request.POST if request.method == "POST" else None
    form = FilingForm(data, papers=blocks, expected=expected, by_post=case.channel == Case.Channel.POST)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                filed = actions.file_at_counter(case, person, form.handed_in)
            except Case.DoesNotExist:
                # The applicant took it back a moment ago.
                raise Http404 from None
            except Refused as refused:
                if refused.code not in {"case.incomplete", "procedure.retired"}:
                    raise
            else:
                actions.accept_at_once(filed, person)
                return redirect("counter_done", number=filed.number)
    context = check_facts(case, blocks) | {"form": form, "papers_only": _papers_only(case)}
    return render(request, "casework/counter_check.html", context, status=status)


def _filed_already(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        counter.received_case(person_of(request), case.number or "")
    except Case.DoesNotExist:
        raise Http404 from None
    return redirect("counter_done", number=case.number)


def _papers_only(case: Case) -> bool:
    gaps = queries.gaps(case)
    return bool(gaps) and all(gap.page_key is None for gap in gaps)


@holding(Power.RECEIVE)
@never_cache
def counter_slip(request: HttpRequest, key: UUID) -> HttpResponse:
    """The request for a supplement (Mẫu số 02) in print, for an application that is not received because papers are missing."""
    case = _draft(request, key)
    office = case.reception
    gaps = queries.gaps(case)
    if not gaps or office is None:
        return redirect("counter_check", key=case.key)
    record_look(person_of(request), str(case.key), "slip")
    context = {
        "case": case,
        "gaps": gaps,
        "heads": heads(agency_of(office)),
        "office": office,
        "clerk": person_of(request),
        "printed_at": clock.now(),
    }
    return render(request, "casework/counter_slip.html", context)


@holding(Power.RECEIVE)
@never_cache
def counter_done(request: HttpRequest, number: str) -> HttpResponse:
    """The case number, and the receipt as soon as a worker has signed it. Only the moving part is answered to htmx."""
    try:
        case = counter.received_case(person_of(request), number)
    except Case.DoesNotExist:
        raise Http404 from None
    record_look(person_of(request), number, "case")
    receipt = next(
        (one for one in queries.documents_of(case, for_resident=False) if one.kind == IssuedDocument.Kind.RECEIPT), None
    )
    ready = receipt is not None and receipt.state == IssuedDocument.State.ISSUED
    context = {
        "case": case,
        "receipt": receipt,
        "ready": ready,
        "href": reverse("casework_document", args=[number, receipt.code]) if receipt is not None and ready else "",
        "accepted": case.accepted_at is not None,
    }
    moving = getattr(getattr(request, "htmx", None), "target", None) == "receipt"
    return render(request, "casework/counter_receipt.html" if moving else "casework/counter_done.html", context)


# From the phone and back


@holding(Power.RECEIVE)
@never_cache
def counter_code(request: HttpRequest) -> HttpResponse:
    """Take over an application that its applicant has on the phone. Opening the address of the QR code only fills in the field."""
    person, status = person_of(request), 200
    said = request.GET.get(handoff.PARAMETER, "")[:500]
    data = request.POST if request.method == "POST" else None
    form = CodeForm(data, counters=counter.counters(person), initial={"code": said})
    if request.method == "POST":
        if form.is_valid():
            try:
                case = actions.take_over(form.cleaned_data["code"], person, form.counter_chosen)
            except Refused as refused:
                if refused.field != "code":
                    raise
                form.add_error("code", refused.message)
                status = refused.status
            else:
                messages.success(
                    request, _("The application is at this counter now. What is filled in already is marked beside the page.")
                )
                return redirect("file_continue", key=case.key)
        status = status if status != 200 else 422
    return render(request, "casework/counter_code.html", {"form": form}, status=status)


@holding(Power.RECEIVE)
@require_POST
def counter_give_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Back to the applicant's phone or account."""
    case = _draft(request, key)
    try:
        actions.give_back(case, person_of(request))
    except Case.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Given back: the applicant goes on with it under My cases."))
    return redirect("counter_home")
