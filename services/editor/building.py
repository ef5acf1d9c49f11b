"""What the form, the route and the outcome have in common: the thing chosen on the page, saving it, and what others did to it."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from portal.kit.refusal import Refused
from services.catalogue.differences import differences
from services.catalogue.models import VersionDraft
from services.editor import saving
from services.editor.form_editing import Path, path_of
from services.editor.pages import is_open, revision_of

POINTER = re.compile(
    r"(?:form[./])?pages[./]([0-9]{1,3})(?:[./]fields[./]([0-9]{1,3})(?:[./]fields[./]([0-9]{1,3}))?)?(?:[./].*)?"
)
"""How findings and links of other pages name a part of the form."""


def chosen_path(text: str) -> Path:
    """The page or question an address names: `0.2`, or `form.pages.0.fields.2.when` as findings have it."""
    match = POINTER.fullmatch(text)
    if match:
        return tuple(int(part) for part in match.groups() if part is not None)
    return path_of(text)


def print_of(item: object) -> str:
    """A short text that is the same for the same item."""
    text = json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def revision_for(request: HttpRequest, draft: VersionDraft, item: object) -> int:
    """The revision to save at.

    What others did to other parts since the page was drawn stays, so the draft's own; the page's own, which is refused, where
    the very thing that is edited was changed.
    """
    same = request.POST.get("print") == print_of(item)
    return draft.revision if same and revision_of(request) else revision_of(request)


def conflict_of(
    request: HttpRequest, draft: VersionDraft, typed: Mapping[str, Any], keys: tuple[str, ...], refused: Refused
) -> dict[str, Any]:
    """What the page says when somebody else was faster: who, and where what was typed differs from what is saved now."""
    return {
        "conflict": refused.message,
        "conflict_is_final": not is_open(draft),
        "others": saving.changed_since(draft, revision_of(request), keys),
        "clashes": differences({**draft.content, **typed}, draft.content),
    }
