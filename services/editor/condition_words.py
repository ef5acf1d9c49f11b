"""Conditions and formulas in words, as they stand in the editor and in the picture of a route. Never raises."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from services.forms import places
from services.forms.definition import Definition, Field
from services.forms.kinds import Kind
from services.forms.language import is_day

COMPARISONS: Mapping[str, str | Promise] = {
    "==": gettext_lazy("%(left)s is %(right)s"),
    "!=": gettext_lazy("%(left)s is not %(right)s"),
    "<": gettext_lazy("%(left)s is less than %(right)s"),
    "<=": gettext_lazy("%(left)s is %(right)s or less"),
    ">": gettext_lazy("%(left)s is more than %(right)s"),
    ">=": gettext_lazy("%(left)s is %(right)s or more"),
}
OF_DAYS: Mapping[str, str | Promise] = {
    "<": gettext_lazy("%(left)s is before %(right)s"),
    "<=": gettext_lazy("%(left)s is %(right)s or earlier"),
    ">": gettext_lazy("%(left)s is after %(right)s"),
    ">=": gettext_lazy("%(left)s is %(right)s or later"),
}
FUNCTIONS: Mapping[str, str | Promise] = {
    "sum": gettext_lazy("the sum of %(parts)s"),
    "count": gettext_lazy("the number of rows of %(parts)s"),
    "min": gettext_lazy("the smallest of %(parts)s"),
    "max": gettext_lazy("the largest of %(parts)s"),
}
PERIODS: Mapping[str, str | Promise] = {
    "days": gettext_lazy("the days from %(first)s to %(second)s"),
    "years": gettext_lazy("the whole years from %(first)s to %(second)s"),
    "day_after": gettext_lazy("%(second)s days after %(first)s"),
}
CALCULATIONS = {"+": " + ", "-": " − ", "*": " × ", "/": " : "}


def condition_text(condition: Any, definition: Definition | None) -> str:
    """`Loại công trình là Nhà ở riêng lẻ và Diện tích lớn hơn 100`; empty for no condition."""
    return "" if condition is None else Speaker(definition).said(condition)


class Speaker:
    """Says expressions over the questions of one form."""

    def __init__(self, definition: Definition | None) -> None:
        self.definition = definition

    def said(self, node: Any, inner: bool = False) -> str:
        if not isinstance(node, Mapping) or len(node) != 1:
            return self.value(node, None)
        ((operator, given),) = node.items()
        parts = list(given) if isinstance(given, list | tuple) else [given]
        if operator == "var":
            return self.label(parts[0] if parts else "")
        if operator in {"and", "or"}:
            joint = pgettext("joins conditions", " and ") if operator == "and" else pgettext("joins conditions", " or ")
            text = joint.join(self.said(part, inner=len(parts) > 1) for part in parts)
            return f"({text})" if inner and len(parts) > 1 else text
        if operator == "!":
            return self.negated(parts)
        if operator == "in" and len(parts) == 2:
            return self.membership(parts[0], parts[1])
        if operator in COMPARISONS and len(parts) == 2:
            return self.comparison(operator, *parts)
        if operator in CALCULATIONS and parts:
            text = CALCULATIONS[operator].join(self.said(part, inner=True) for part in parts)
            return f"({text})" if inner and len(parts) > 1 else text
        return self.function(operator, parts)

    def function(self, operator: str, parts: list[Any]) -> str:
        said = [self.said(part) for part in parts]
        if operator == "if" and len(parts) == 3:
            return _("if %(condition)s: %(then)s, otherwise: %(otherwise)s") % {
                "condition": said[0],
                "then": said[1],
                "otherwise": said[2],
            }
        if operator in PERIODS and len(parts) == 2:
            return str(PERIODS[operator]) % {"first": said[0], "second": said[1]}
        return (
            str(FUNCTIONS[operator]) % {"parts": ", ".join(said)} if operator in FUNCTIONS else f"{operator}({', '.join(said)})"
        )

    def negated(self, parts: list[Any]) -> str:
        inside = parts[0] if len(parts) == 1 else None
        membership = inside.get("in") if isinstance(inside, Mapping) and len(inside) == 1 else None
        if isinstance(membership, list | tuple) and len(membership) == 2:
            return self.membership(membership[0], membership[1], negated=True)
        if isinstance(inside, Mapping) and set(inside) == {"var"}:
            return _("%(left)s is not answered with yes") % {"left": self.said(inside)}
        return _("not (%(condition)s)") % {"condition": self.said(inside)}

    def membership(self, left: Any, right: Any, negated: bool = False) -> str:
        if isinstance(right, Mapping):
            text = _("%(left)s does not include %(right)s") if negated else _("%(left)s includes %(right)s")
            return text % {"left": self.said(right), "right": self.value(left, self.field(right))}
        one = self.field(left)
        listed = right if isinstance(right, list | tuple) else [right]
        values = ", ".join(self.value(value, one, left) for value in listed)
        text = _("%(left)s is none of: %(right)s") if negated else _("%(left)s is one of: %(right)s")
        return text % {"left": self.said(left), "right": values}

    def comparison(self, operator: str, left: Any, right: Any) -> str:
        if not self.field(left) and self.field(right):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            operator, left, right = turned.get(operator, operator), right, left
        if right is None and operator in {"==", "!="}:
            text = _("%(left)s is not answered") if operator == "==" else _("%(left)s is answered")
            return text % {"left": self.said(left)}
        one = self.field(left)
        sentence = OF_DAYS[operator] if operator in OF_DAYS and is_day(right) else COMPARISONS[operator]
        said = self.said(right, inner=True) if isinstance(right, Mapping) else self.value(right, one, left)
        return str(sentence) % {"left": self.said(left, inner=True), "right": said}

    def field(self, node: Any) -> Field | None:
        """The question a variable is about."""
        name = node.get("var") if isinstance(node, Mapping) and len(node) == 1 else None
        if not isinstance(name, str) or self.definition is None:
            return None
        root, _dot, rest = name.partition(".")
        try:
            one = self.definition.field(root)
            return self.definition.field(rest) if rest and one.fields else one
        except KeyError:
            return None

    def label(self, name: Any) -> str:
        """`Nơi xây dựng (phường, xã)`; what is unknown stays as it is written."""
        one = self.field({"var": name})
        if one is None:
            return f"“{name}”"
        label = one.label.said().strip().rstrip(":?.").rstrip()
        part = str(name).partition(".")[2]
        if part and part != one.key:
            half = _("province or city") if part == "province" else _("ward or commune") if part == "ward" else part
            label = f"{label} ({half})"
        return label

    def value(self, value: Any, one: Field | None, asked: Any = None) -> str:
        """A value as people read it beside this question."""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, int | float):
            number = f"{value:,}".translate(str.maketrans(",.", ".,"))
            unit = (one.unit.said() or (_("đồng") if one.kind == Kind.MONEY else "")) if one else ""
            return f"{number} {unit}".strip()
        if not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False, default=str)
        if is_day(value):
            return "/".join(reversed(value.split("-")))
        return self._chosen(value, one, asked) or value

    def _chosen(self, value: str, one: Field | None, asked: Any) -> str:
        if one is None:
            return ""
        part = str(asked.get("var", "")).partition(".")[2] if isinstance(asked, Mapping) else ""
        if part in {"province", "ward"}:
            return places.province_name(value) if part == "province" else places.ward_name(value)
        return next((choice.label.said() for choice in one.choices if choice.value == value), "")
