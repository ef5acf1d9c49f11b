"""The public face of form definitions: kinds, a valid definition, and how a raw one is read."""

from services.forms.fields import Choice, Field, Page
from services.forms.form import Definition, Shown, fields_asked
from services.forms.kinds import COMMON, KINDS, LARGEST, UNASKED, Format, Kind, KindFacts, Option
from services.forms.operands import Operand, Type
from services.forms.reading import InvalidDefinition, Problem, parse

__all__ = [
    "COMMON",
    "KINDS",
    "LARGEST",
    "UNASKED",
    "Choice",
    "Definition",
    "Field",
    "Format",
    "InvalidDefinition",
    "Kind",
    "KindFacts",
    "Operand",
    "Option",
    "Page",
    "Problem",
    "Shown",
    "Type",
    "fields_asked",
    "parse",
]
