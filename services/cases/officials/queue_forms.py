"""Forms of the lists of work."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.offices.models import Office
from services.cases.models import Case
from services.cases.queries.queue import Choices
from services.cases.queue_filters import ME, NOBODY, Filters

Words = str | Promise
NAME_LENGTH = 60


class QueueFilter(forms.Form):
    """Filters of the queue, filled from what an address meant."""

    mark_optional = False

    q = forms.CharField(
        label=_("Number, name or words of the application"),
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off", "enterkeyhint": "search", "data-mc-key": "/", "maxlength": "80"}),
    )
    tt = forms.ChoiceField(label=_("Procedure"), required=False)
    lv = forms.ChoiceField(label=_("Field"), required=False)
    cq = forms.ChoiceField(label=_("Agency"), required=False)
    nguoi = forms.ChoiceField(label=_("Held by"), required=False)
    hs = forms.ChoiceField(label=_("State of the case"), required=False)
    nhan = forms.ChoiceField(label=_("Label"), required=False)
    kenh = forms.ChoiceField(label=_("Channel"), required=False)
    tu = forms.DateField(label=_("Due from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    den = forms.DateField(label=_("Due until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, filters: Filters, choices: Choices) -> None:
        super().__init__(initial=filters.plain())
        self.filters = filters
        self.fields["q"].widget.attrs["data-mc-key-label"] = _("Search in the list")
        states: list[tuple[object, Words]] = [(state.value, state.label) for state in Case.State if state is not Case.State.DRAFT]
        people: list[tuple[object, Words]] = [
            (ME, _("Me")),
            (NOBODY, _("Nobody yet")),
            *((one.pk, one.full_name) for one in choices.colleagues),
        ]
        self._offer("tt", _("All procedures"), ((code, f"{name} ({code})") for code, name in choices.procedures))
        self._offer("lv", _("All fields"), choices.domains)
        self._offer("cq", _("All agencies"), choices.agencies)
        self._offer("nguoi", _("Anybody"), people)
        self._offer("hs", _("Every state"), states)
        self._offer("nhan", _("With or without labels"), ((label.pk, label.name) for label in choices.labels))
        self._offer("kenh", _("Every channel"), ((one.value, one.label) for one in Case.Channel))

    def _offer(self, name: str, every: Words, pairs: Iterable[tuple[object, Words]]) -> None:
        """What can be chosen; what the address chose stays choosable, and a field with nothing to choose is left out."""
        options: list[tuple[str, Words]] = [(str(value), words) for value, words in pairs]
        chosen = str(self.initial.get(name, ""))
        if chosen and chosen not in {value for value, _words in options}:
            options.append((chosen, chosen))
        if not options:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *options]

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters that are seldom needed."""
        return [self[name] for name in self.fields if name not in ("q", "tt", "nguoi")]

    @property
    def more_in_use(self) -> bool:
        """Whether one of them is set."""
        return any(self.initial.get(field.name) for field in self.more)

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.filters.text

    @property
    def quoted(self) -> str:
        """What is searched for, as part of an address."""
        return quote(self.filters.text)


class SavedFilterForm(forms.Form):
    """The name of a filter, and with whom it is shared."""

    name = forms.CharField(
        label=_("Name of the filter"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "mc-width": "20"}),
        error_messages={"required": _("Give the filter a name.")},
    )
    office = forms.ChoiceField(label=_("Who sees it"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: object = None, *, offices: Sequence[Office] = (), name: str = "") -> None:
        super().__init__(data, initial={"name": name, "office": ""})  # type: ignore[arg-type]
        if offices:
            field = self.fields["office"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Only me")), *((str(office.pk), office.name) for office in offices)]
        else:
            del self.fields["office"]
