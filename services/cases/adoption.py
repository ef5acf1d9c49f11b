"""Signing in: the drafts begun in this browser become the person's, and the person is told."""

from typing import Any

import structlog
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from identity.people.models import Person
from services.cases import actions, queries
from services.cases.filer import Filer, visitor_of
from services.cases.models import Case

log = structlog.get_logger(__name__)


def adopt_on_sign_in(sender: Any, request: HttpRequest | None = None, user: Person | None = None, **kwargs: Any) -> None:
    """Receiver of Django's signal. That it fails is no reason not to let somebody in: opening the draft tries again."""
    if request is None or user is None:
        return
    try:
        adopt(request, Filer(user, visitor_of(request)))
    except DatabaseError as error:
        log.error("drafts_not_adopted", error=type(error).__name__)


def adopt(request: HttpRequest, filer: Filer) -> None:
    """Give the browser's drafts to the person, and say so on the next page."""
    drafts = actions.adopt_drafts(filer)
    if not drafts:
        return
    text = ngettext(
        "%(count)d draft begun in this browser is now under My cases: %(names)s. If it is not yours, delete it there.",
        "%(count)d drafts begun in this browser are now under My cases: %(names)s. Delete there what is not yours.",
        len(drafts),
    )
    messages.success(request, text % {"count": len(drafts), "names": _names(drafts)})
    for draft in drafts:
        if queries.my_drafts(Filer(filer.person, ""), draft.version).exclude(pk__in=[one.pk for one in drafts]).exists():
            messages.info(
                request,
                _("The account already had a draft of this procedure: %(name)s. Both are kept; delete the one not needed.")
                % {"name": draft.version.name},
            )


def _names(drafts: list[Case]) -> str:
    return "; ".join(dict.fromkeys(draft.version.name for draft in drafts))
