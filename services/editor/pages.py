"""What the pages of a draft have in common: who opens them, what they show around their own part, how a refusal is told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from identity.offices.access import holding
from identity.offices.powers import Power
from portal.kit.refusal import Refused
from services.catalogue import queries as catalogue
from services.catalogue.models import Version, VersionDraft
from services.catalogue.shapes import Problem
from services.editor import saving, sections
from services.editor.place_words import where

editor = holding(Power.EDIT_CATALOGUE)
"""Decorator of every page of the editor."""


def draft_of(key: UUID) -> VersionDraft:
    """The draft of the address, whatever its state; else 404."""
    try:
        return catalogue.draft(key)
    except VersionDraft.DoesNotExist:
        raise Http404 from None


def version_of(code: str, number: int) -> Version:
    """A version of a procedure; else 404."""
    try:
        return catalogue.version(code, number)
    except Version.DoesNotExist:
        raise Http404 from None


def is_open(draft: VersionDraft) -> bool:
    """Whether it can be edited now."""
    return draft.state == VersionDraft.State.EDITING


def show(
    request: HttpRequest, draft: VersionDraft, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of a draft in the editor's layout."""
    around = {"draft": draft, "locked": not is_open(draft), "can_undo": saving.can_undo(request, draft)}
    return render(request, template, {**around, **context}, status=status)


def revision_of(request: HttpRequest) -> int:
    """The revision of the draft that the page was drawn from; 0, which is none, when the page does not say."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def told(request: HttpRequest, refused: Refused, form: forms.Form | None = None) -> None:
    """A refusal at the field it is about, else at the head of the page."""
    if form is not None and refused.field in form.fields:
        form.add_error(refused.field, refused.message)
    else:
        messages.error(request, refused.message)


def said(problem: Problem) -> str:
    """What is wrong, in words."""
    return _(problem.message) % problem.values


def in_place(draft: VersionDraft, problem: Problem) -> str:
    """What is wrong, after the name of the part it is about."""
    name = where(draft.content, problem.place)
    return f"{name}: {said(problem)}" if name else said(problem)


def by_place(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    """Problems under the place of the page at which they are shown."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(sections.shown_at(problem.place), []).append(problem)
    return found
