"""Tags and filters of the portal's templates; every template has them without loading."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.template.context import Context
from django.templatetags.static import static
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from portal.kit import clock
from portal.kit.forms import error_links as links_of

register = template.Library()

MINUTES_PER_DAY = 8 * 60
"""Working minutes of a working day."""
SIZES = ("B", "KB", "MB", "GB")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

DOMAIN_ICONS = (
    ("ho-tich", "family"),
    ("cu-tru", "house"),
    ("xay-dung", "construction"),
    ("doanh-nghiep", "shop"),
    ("kinh-doanh", "shop"),
    ("lai-xe", "car"),
    ("giao-thong", "car"),
    ("nong", "leaf"),
    ("thuc-pham", "leaf"),
    ("dat-dai", "land"),
    ("chung-thuc", "stamp"),
    ("bao-tro", "heart-hand"),
    ("bhxh", "health"),
    ("bhyt", "health"),
    ("bao-hiem", "health"),
    ("y-te", "health"),
    ("giao-duc", "book"),
    ("can-cuoc", "id-card"),
    ("ngheo", "support"),
)
"""Part of a domain's slug and its picture; the first that fits."""


def _is_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


def _wall_clock(moment: datetime) -> datetime:
    return clock.local(moment) if moment.tzinfo else moment


@register.filter
def plain(value: Any) -> str:
    """A number without thousand separators, for addresses and attributes."""
    return str(value)


@register.filter
def grouped(value: Any) -> str:
    """1234567 -> `1.234.567` (Vietnamese) or `1,234,567`."""
    if value is None or value == "":
        return ""
    text = f"{int(value):,}"
    return text.replace(",", ".") if _is_vietnamese() else text


@register.filter
def dong(value: Any) -> str:
    """75000 -> `75.000 đồng`; empty for nothing."""
    if value is None or value == "":
        return ""
    return gettext("%(amount)s đồng") % {"amount": grouped(value)}


@register.filter
def local_date(value: date | datetime | None) -> str:
    """`26/11/2026`, or `26 November 2026` in English."""
    if value is None or value == "":
        return ""
    day = _wall_clock(value).date() if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}" if _is_vietnamese() else dateformat.format(day, "j F Y")


@register.filter
def local_datetime(value: datetime | None) -> str:
    """`14:30, thứ Năm 26/11/2026`, or `14:30, Thursday 26 November 2026` in English."""
    if value is None or value == "":
        return ""
    here = _wall_clock(value)
    if _is_vietnamese():
        return f"{here:%H:%M}, {WEEKDAYS[here.weekday()]} {local_date(here)}"
    return f"{here:%H:%M}, {dateformat.format(here.date(), 'l j F Y')}"


@register.filter
def long_date(value: date | datetime | None) -> str:
    """`thứ Năm, 26/11/2026`, or `Thursday 26 November 2026` in English."""
    if value is None or value == "":
        return ""
    day = _wall_clock(value).date() if isinstance(value, datetime) else value
    return f"{WEEKDAYS[day.weekday()]}, {local_date(day)}" if _is_vietnamese() else dateformat.format(day, "l j F Y")


@register.filter
def short_datetime(value: datetime | None) -> str:
    """`14:30 26/11/2026`."""
    if value is None or value == "":
        return ""
    return f"{_wall_clock(value):%H:%M %d/%m/%Y}"


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the `datetime` attribute of <time>."""
    if value is None or value == "":
        return ""
    return _wall_clock(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


@register.filter
def hours(minutes: Any) -> str:
    """Working minutes in words: `2 ngày 3 giờ làm việc`; under an hour in minutes. The sign is ignored."""
    if minutes is None or minutes == "":
        return ""
    left = abs(int(minutes))
    days, rest = divmod(left, MINUTES_PER_DAY)
    whole_hours, rest = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": grouped(days)})
    if whole_hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", whole_hours) % {"count": whole_hours})
    if not parts or (not days and rest):
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return pgettext("working time", "%(time)s of working time") % {"time": " ".join(parts)}


@register.filter
def magnitude(value: Any) -> int:
    """A number without its sign."""
    return abs(int(value))


@register.filter
def file_size(size: Any) -> str:
    """Bytes -> `1,4 MB` (decimal comma in Vietnamese)."""
    if size is None or size == "":
        return ""
    amount = float(size)
    for unit in SIZES:
        if amount < 1000 or unit == SIZES[-1]:
            break
        amount /= 1000
    text = f"{amount:.0f}" if unit == "B" or amount >= 10 else f"{amount:.1f}"
    return f"{text.replace('.', ',') if _is_vietnamese() else text} {unit}"


@register.filter
def mask(number: str | None) -> str:
    """All but the last four characters hidden."""
    text = number or ""
    return "*" * max(0, len(text) - 4) + text[-4:] if len(text) > 4 else "*" * len(text)


@register.filter
def code_spaced(code: str | None) -> str:
    """A code in groups of four, easier to read aloud."""
    text = str(code or "").replace(" ", "").replace("-", "")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@register.simple_tag
def icon(name: str, title: str = "", size: str = "") -> SafeString:
    """A picture from the sprite; hidden from screen readers unless it has a title."""
    css = f"mc-icon mc-icon--{size}" if size else "mc-icon"
    address = f"{static('icons.svg')}#{name}"
    if title:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, title, address)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css, address)


@register.filter
def domain_icon(slug: str | None) -> SafeString:
    """The picture of a field of law."""
    name = next((picture for part, picture in DOMAIN_ICONS if part in (slug or "")), "file")
    return icon(name)


@register.filter
def state_tag(subject: Any, label: str | Promise = "") -> SafeString:
    """The coloured tag of a case's state. Takes a case, a member of Case.State, or a code with its label."""
    state = getattr(subject, "state", subject)
    if not label:
        label = subject.get_state_display() if hasattr(subject, "get_state_display") else getattr(state, "label", "")
    return format_html('<strong class="mc-tag mc-tag--state-{}">{}</strong>', str(int(state)), label)


@register.simple_tag
def error_list(
    form: forms.BaseForm | None = None,
    forms: Iterable[forms.BaseForm] | None = None,
    problems: Iterable[dict[str, str | Promise]] | None = None,
) -> list[dict[str, str | Promise]]:
    """Errors of one or several forms, and other problems, with the addresses of their inputs."""
    every = [*([form] if form else []), *(forms or [])]
    return [link for one in every for link in links_of(one)] + list(problems or [])


@register.simple_tag
def share(part: Any, whole: Any) -> str:
    """How much of a hundred `part` is of `whole`, from 0 to 100."""
    total = float(whole or 0)
    return f"{min(100.0, max(0.0, 100 * float(part or 0) / total)):.1f}" if total > 0 else "0"


@register.simple_tag
def chart_id() -> str:
    """An id for one chart of a page."""
    return f"chart-{secrets.token_hex(4)}"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's query string with some parameters replaced; None takes one away."""
    request = context.get("request")
    parameters = request.GET.copy() if request is not None else None
    if parameters is None:
        return ""
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else "?"


@register.simple_tag(takes_context=True)
def current(context: Context, *names: str) -> SafeString:
    """`aria-current` for a navigation item whose pages have one of these URL names (a trailing * matches a prefix)."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = getattr(match, "url_name", None) or ""
    found = any(here.startswith(name[:-1]) if name.endswith("*") else here == name for name in names)
    return SafeString(' aria-current="true"') if found else SafeString("")


@register.filter
def handles_cases(powers: Collection[str]) -> bool:
    """Whether powers let an official work on cases, and not only watch or administer."""
    return not set(powers) <= {"supervise", "edit_catalogue", "administer"}


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None
