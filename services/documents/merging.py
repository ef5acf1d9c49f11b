"""Long sheets, drawn in parts so that memory stays small, put together into one tagged, archival PDF."""

from collections.abc import Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf


def merged(parts: Sequence[Path]) -> bytes:
    """One PDF of all pages, in order; what the first part says about itself holds for the whole.

    Pages and the tags for reading aloud are taken over together, so each part is read where it stands.
    """
    with ExitStack() as opened:
        whole, *others = [opened.enter_context(pikepdf.open(path)) for path in parts]
        tree = whole.Root.StructTreeRoot
        body, numbers = _body(tree), list(tree.ParentTree.Nums)
        for part in others:
            _append(whole, part, body, numbers)
        tree.ParentTree = whole.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(numbers)))
        tree.ParentTreeNextKey = _following(numbers)
        out = BytesIO()
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _body(tree: Any) -> Any:
    """The one element under the root that holds everything."""
    return tree.K[0] if isinstance(tree.K, pikepdf.Array) else tree.K


def _following(numbers: Sequence[Any]) -> int:
    """The next free key of the tree that leads from what stands on a page to its tags."""
    return max((int(key) for key in numbers[::2]), default=-1) + 1


def _append(whole: pikepdf.Pdf, part: pikepdf.Pdf, body: Any, numbers: list[Any]) -> None:
    tree, shift = part.Root.StructTreeRoot, _following(numbers)
    tags, pairs = list(_body(tree).K), list(tree.ParentTree.Nums)
    for page in part.pages:
        page.obj.StructParents = int(page.obj.StructParents) + shift
    # Tags name their pages: those must be there first. Cut from their own root, they bring nothing else along.
    whole.pages.extend(part.pages)
    for tag in tags:
        del tag["/P"]
        copied = whole.copy_foreign(tag)
        copied.P = body
        body.K.append(copied)
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        numbers += [int(key) + shift, whole.copy_foreign(part.make_indirect(value))]
