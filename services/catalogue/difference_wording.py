"""The words in which changes between versions are told; translated only when they are printed."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NOTHING = "…"

SECTION_NAMES: Mapping[str, str | Promise] = {
    "code": _("Procedure code"),
    "domain": _("Field of law"),
    "name": _("Name of the procedure"),
    "level": _("Level"),
    "agency_name": _("Agency that decides"),
    "agency_function": _("Function of the agency"),
    "audience": _("For whom"),
    "decision": _("Decision of publication"),
    "limit_value": _("Time limit, number"),
    "limit_unit": _("Time limit, unit"),
    "limit_text": _("Time limit in words"),
    "same_day": _("Answered the same day"),
    "limit_restarts": _("The limit counts anew after a supplement"),
    "channels": _("Ways to file"),
    "fees": _("Fees"),
    "circumstances": _("Circumstances"),
    "documents": _("Papers"),
    "eligibility": _("Questions before filing"),
    "form": _("Form"),
    "route": _("Route"),
    "outcome": _("Outcome"),
    "steps_text": _("Order of doing"),
    "conditions": _("Conditions"),
    "legal_basis": _("Legal basis"),
    "result_name": _("Name of the outcome"),
    "result_code": _("Code of the outcome"),
    "source": _("Source"),
    "is_demo": _("Sample data"),
    "life_events": _("Events of life"),
    "minutes_needed": _("Minutes needed to fill in"),
}

ENTRY_NAMES: Mapping[str, str | Promise] = {
    "key": _("key"),
    "name": _("name"),
    "slug": _("short name"),
    "label": _("label"),
    "title": _("heading"),
    "help": _("explanation"),
    "note": _("note"),
    "when": _("asked or done only if"),
    "circumstances": _("circumstances"),
    "channel": _("way to file"),
    "time_text": _("time limit in words"),
    "fee_text": _("fee in words"),
    "amount": _("amount"),
    "unit": _("unit"),
    "since": _("first day"),
    "until": _("last day"),
    "set_by_province": _("set by the province"),
    "limit": _("own time limit"),
    "required": _("required"),
    "originals": _("originals"),
    "copies": _("copies"),
    "form_code": _("statutory form"),
    "electronic": _("online"),
    "max_files": _("files at most"),
    "replaced_by": _("database that replaces it"),
    "question": _("question"),
    "answer_needed": _("answer that lets one go on"),
    "refusal": _("what is said otherwise"),
    "stops": _("stops the person"),
    "kind": _("kind"),
    "office": _("office"),
    "hours": _("working hours"),
    "group": _("side by side"),
    "power": _("power needed"),
    "route.unit": _("desk in words"),
    "proposed": _("sample hours"),
    "days": _("limit in calendar days"),
    "points": _("weight of the work"),
    "silence": _("no answer counts as agreement"),
    "summary": _("summary"),
    "symbol": _("symbol"),
    "layout": _("layout"),
    "basis": _("lines of the legal basis"),
    "paragraphs": _("paragraphs"),
    "rows": _("rows"),
    "articles": _("articles"),
    "recipients": _("recipients"),
    "pages": _("pages"),
    "subject_field": _("question that names the case"),
    "choices": _("choices"),
    "fields": _("questions"),
    "min": _("least"),
    "max": _("most"),
    "max_length": _("characters at most"),
    "decimals": _("decimal places"),
    "prefill": _("filled in beforehand"),
    "formula": _("formula"),
    "item": _("name of a row"),
    "display": _("shown as"),
    "province": _("province"),
}
"""By entry; with the section before it where the entry means something else there."""

VALUE_NAMES: Mapping[str, Mapping[str, str | Promise]] = {
    "level": {"ward": _("Ward"), "city": _("City"), "facility": _("Vertical agency")},
    "limit_unit": {"working_hour": _("working hours"), "working_day": _("working days"), "calendar_day": _("days")},
    "channel": {"online": _("Online"), "postal": _("By public post"), "in_person": _("At the counter")},
    "electronic": {
        "upload": _("Upload a photo or scan"),
        "form": _("Made from the online form"),
        "show": _("To show only, nothing to hand in"),
    },
    "layout": {"certificate": _("Certificate in rows"), "decision": _("Decision in articles")},
    "kind": {
        "receive": _("Receiving"),
        "assign": _("Assigning"),
        "appraise": _("Appraising"),
        "inspect": _("Inspecting on site"),
        "consult": _("Asking for an opinion"),
        "draft": _("Drafting"),
        "review": _("Reviewing"),
        "collect_fee": _("Collecting the fee"),
        "approve": _("Approving"),
        "sign": _("Signing"),
        "register": _("Entering in the register"),
        "seal": _("Numbering and sealing"),
        "hand_over": _("Handing over"),
    },
}


def value_name(entry: str, value: object) -> str:
    """What people call a value of the entry; empty where it has no name of its own."""
    names = VALUE_NAMES.get(entry, {})
    return str(names[value]) if isinstance(value, str) and value in names else ""


def said(value: bool) -> str:
    """Yes or no."""
    return gettext("Yes") if value else gettext("No")


def after_item(name: str) -> str:
    """Where a moved item stands."""
    return gettext("after “%(name)s”") % {"name": name}


def at_start() -> str:
    """Where a moved item stands that nothing is before."""
    return gettext("at the beginning")


def office_name(office: Mapping[str, object]) -> str:
    """An office as a step refers to it."""
    if "code" in office:
        return gettext("office %(code)s") % {"code": office["code"]}
    if "answer_code" in office:
        return gettext("the office chosen in “%(field)s”") % {"field": office["answer_code"]}
    if "answer" in office:
        values = {"function": office.get("function"), "field": office["answer"]}
        return gettext("“%(function)s” of the ward in “%(field)s”") % values
    if office.get("parent"):
        return gettext("“%(function)s” of the agency above") % {"function": office.get("function")}
    return gettext("“%(function)s” of the agency") % {"function": office.get("function")}
