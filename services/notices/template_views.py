"""A city's own wording of messages, for administrators: the list, and one text with its preview."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from identity.offices.access import holding
from identity.offices.powers import Power
from identity.people.models import Person
from services.notices import actions, placeholders, queries, wording
from services.notices.channels import CHANNELS, SMS
from services.notices.forms import TemplateForm
from services.notices.models import Channel
from services.notices.refusals import why
from services.notices.wording import officials, residents


@holding(Power.ADMINISTER)
@never_cache
def notice_templates(request: HttpRequest) -> HttpResponse:
    """Every event, and which of its texts the city has put in its own words."""
    own = queries.own_wordings()
    groups = [
        {
            "title": title,
            "rows": [
                {
                    "name": wording.compose(name, request.user.language, actions.sample_values()).subject,  # type: ignore[union-attr]
                    "texts": [
                        {
                            "event": name,
                            "language": code,
                            "channel": channel,
                            "label": label,
                            "own": own.get((name, code, channel)),
                        }
                        for code, channel, label in _kinds()
                    ],
                }
                for name in events
                if name in wording.OWN_WORDING
            ],
        }
        for title, events in ((_("To applicants"), residents.EVENTS), (_("To officials"), officials.EVENTS))
    ]
    return render(request, "notices/templates.html", {"groups": groups})


@holding(Power.ADMINISTER)
@never_cache
def notice_template(request: HttpRequest, event: str, language: str, channel: str) -> HttpResponse:
    """One text: written, previewed, sent to oneself as a sample, kept, or given back to the usual wording."""
    if event not in wording.OWN_WORDING or language not in dict(settings.LANGUAGES) or channel not in CHANNELS:
        raise Http404
    person: Person = request.user  # type: ignore[assignment]  # signed in
    own = queries.template_of(event, language, channel)
    usual = wording.compose(event, language, {name: f"{{{name}}}" for name in placeholders.KNOWN}, short=channel == SMS)
    shown = {"subject": own.subject, "body": own.body} if own else {"subject": usual.subject, "body": usual.body.strip()}
    form = TemplateForm(request.POST or None, initial=shown)
    if request.method == "POST":
        if request.POST.get("do") == "back":
            actions.save_template(person, event, language, channel, subject="", body="")
            messages.success(request, _("The usual wording is used again."))
            return redirect("notice_template", event, language, channel)
        if form.is_valid() and _fits(form, channel):
            match request.POST.get("do"):
                case "save":
                    actions.save_template(person, event, language, channel, **form.cleaned_data)
                    messages.success(request, _("Saved. Messages are worded so from now on."))
                    return redirect("notice_template", event, language, channel)
                case "sample":
                    sample = actions.send_sample(person, event, language, channel, **form.cleaned_data)
                    messages.success(request, _sample_sent(sample.channel))
    values = actions.sample_values()
    said = {name: form[name].value() or "" for name in ("subject", "body")}
    return render(
        request,
        "notices/template.html",
        {
            "form": form,
            "own": own,
            "name": wording.compose(event, person.language, values).subject,
            "label": next(label for code, way, label in _kinds() if (code, way) == (language, channel)),
            "preview": {name: placeholders.fill(text, values) for name, text in said.items()},
            "placeholders": [(f"{{{name}}}", values.get(name, "")) for name in placeholders.KNOWN],
            "in_subject": [f"{{{name}}}" for name in placeholders.KNOWN if name in placeholders.IN_SUBJECTS],
            "history": queries.wording_history(event, language, channel),
        },
        status=422 if form.errors else 200,
    )


def _kinds() -> list[tuple[str, str, str]]:
    return [(code, channel, f"{Channel(channel).label}, {name}") for channel in CHANNELS for code, name in settings.LANGUAGES]


def _fits(form: TemplateForm, channel: str) -> bool:
    """Whether every placeholder is known and in its place; says at the fields what is not."""
    wrong = placeholders.problems(form.cleaned_data["subject"], form.cleaned_data["body"], channel)
    for field, code, word in wrong:
        form.add_error(field, why(code, word))
    return not wrong


def _sample_sent(channel: str) -> str:
    return _("A sample is on its way to you, and in your inbox.") if channel else _("A sample is in your inbox.")
