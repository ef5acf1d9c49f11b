"""Texts an office writes often: the list, writing one, how it looks on a case."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.offices.access import official
from identity.offices.models import Office
from identity.people.access import person_of
from portal.kit.refusal import Refused
from services.cases import canned_text
from services.cases.actions import canned as actions
from services.cases.models import CannedText
from services.cases.officials.canned_forms import CannedForm
from services.cases.officials.canned_wording import PLACEHOLDERS, SAMPLE
from services.cases.officials.labels_forms import chosen_office
from services.cases.officials.labels_views import own_offices
from services.cases.queries import canned as queries


@official
def canned_texts(request: HttpRequest) -> HttpResponse:
    """The texts of one's offices, by use. One query for each office."""
    lists = []
    for office in own_offices(request):
        texts = queries.texts_of(office)
        uses = [(label, [text for text in texts if text.use == use]) for use, label in CannedText.Use.choices]
        lists.append((office, [(label, found) for label, found in uses if found]))
    return render(request, "casework/canned_list.html", {"lists": lists})


@official
def canned_new(request: HttpRequest) -> HttpResponse:
    """Write a new text."""
    offices = own_offices(request)
    form = CannedForm(request.POST or None, offices=offices)
    return _written(request, form, None, offices)


@official
def canned_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a text."""
    text = _own(request, pk)
    form = CannedForm(request.POST or None, initial={"use": text.use, "title": text.title, "body": text.body})
    return _written(request, form, text, [text.office])


@official
@require_POST
def canned_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down, out of use or back into it."""
    person, text = person_of(request), _own(request, pk)
    match request.POST.get("do"):
        case "up" | "down" as way:
            actions.move_text(person, text, up=way == "up")
        case "retire" | "restore" as way:
            actions.set_text_active(person, text, active=way == "restore")
    return redirect("canned_texts")


def _own(request: HttpRequest, pk: int) -> CannedText:
    try:
        return queries.text_of(person_of(request), pk)
    except CannedText.DoesNotExist:
        raise Http404 from None


def _written(request: HttpRequest, form: CannedForm, text: CannedText | None, offices: list[Office]) -> HttpResponse:
    """Keep the text, or show it again with what is wrong; `preview` shows it on a sample and keeps nothing."""
    person, looked = person_of(request), ""
    if request.method == "POST" and form.is_valid():
        given, office = form.cleaned_data, chosen_office(form, offices)
        try:
            if "preview" in request.POST:
                actions.check_placeholders(given["body"])
                looked = canned_text.fill(given["body"], _sample(office, person.full_name))
            else:
                actions.save_text(person, office, use=given["use"], title=given["title"], body=given["body"], text=text)
                messages.success(request, _("The text was kept."))
                return redirect("canned_texts")
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    context = {"form": form, "text": text, "looked": looked, "placeholders": PLACEHOLDERS.items()}
    return render(request, "casework/canned_edit.html", context, status=422 if form.errors else 200)


def _sample(office: Office, name: str) -> dict[str, str]:
    return {**SAMPLE, "don_vi": office.name, "dien_thoai": office.phone, "dia_chi": office.address, "can_bo": name}
