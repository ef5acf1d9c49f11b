"""RULE: a route as a picture: where the boxes of its steps stand, how they are joined, and how their words are broken.

Steps side by side stand side by side and are joined before the way goes on. The picture is drawn twice: downwards for narrow
pages, and across in rows for wide ones. Units are those of the SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 196
"""Of a box."""
LETTERS = 22
"""Of ordinary letters in a line of a box."""
SMALL_LETTERS = 25
"""Of small letters in a line of a box."""
LINE, SMALL_LINE = 18, 16
"""Heights of lines."""
PADDING = 12
HEAD = 18
"""Height of the line with the number of the step."""
GAP = 40
"""Between blocks: room for an arrow."""
BETWEEN = 22
"""Between steps that are side by side."""
ROW_GAP = 44
MARGIN = 2
RAIL = 20
"""From the line that joins steps side by side to their boxes."""
EDGE = 14
"""How far the line from row to row runs outside the boxes."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a box says. `problem` marks it; `condition` makes it dashed."""

    key: str
    number: str
    title: str
    office: str = ""
    facts: str = ""
    condition: str = ""
    problem: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words in a box; `style` is number, title, office, facts, condition or problem."""

    style: str
    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """One step in the picture."""

    step: StepWords
    x: int
    y: int
    height: int
    lines: tuple[Line, ...]
    width: int = WIDTH

    @property
    def text_x(self) -> int:
        """Where its lines begin."""
        return self.x + PADDING

    @property
    def mark_x(self) -> int:
        """Where the mark of a problem stands."""
        return self.x + self.width - 20

    @property
    def mark_y(self) -> int:
        """Where the mark of a problem stands."""
        return self.y + 20

    @property
    def middle(self) -> int:
        """Where lines meet it from the side."""
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from step to step; dashed where the step is not always taken."""

    path: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    heads: tuple[str, ...]


def wrapped(text: str, letters: int, most: int) -> tuple[str, ...]:
    """The text in lines of at most `letters`, broken between words; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        while len(word) > letters:
            head, word = word[: letters - 1] + "-", word[letters - 1 :]
            lines += [head] if lines[-1] else []
            lines[-1] = head
            lines.append("")
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    lines = [line for line in lines if line]
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    return (*lines[: most - 1], (last if len(last) < letters else last[: letters - 1].rstrip()) + "…")


def _lines(step: StepWords) -> tuple[tuple[Line, ...], int]:
    """The lines of a box, from its upper edge, and its height."""
    y = PADDING + HEAD - 4
    lines = [Line("number", step.number, y)]
    for style, text, letters, height, most in (
        ("title", step.title, LETTERS, LINE, 4),
        ("office", step.office, SMALL_LETTERS, SMALL_LINE, 3),
        ("facts", step.facts, SMALL_LETTERS, SMALL_LINE, 2),
        ("condition", step.condition, SMALL_LETTERS, SMALL_LINE, 4),
        ("problem", step.problem, SMALL_LETTERS, SMALL_LINE, 3),
    ):
        for n, part in enumerate(wrapped(text, letters, most)):
            y += height + (4 if n == 0 else 0)
            lines.append(Line(style, part, y))
    return tuple(lines), y + PADDING


def _box(step: StepWords, x: int, y: int) -> Box:
    lines, height = _lines(step)
    return Box(step, x, y, height, tuple(Line(line.style, line.text, y + line.y) for line in lines))


class _Drawing:
    """What has been drawn so far."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.heads: list[str] = []

    def line(self, path: str, dashed: bool = False) -> None:
        self.arrows.append(Arrow(path, dashed))

    def down(self, x: int, start: int, end: int) -> None:
        """An arrow downwards."""
        self.line(f"M{x} {start}V{end}")
        self.heads.append(f"M{x} {end}l-5 -8h10z")

    def right(self, y: int, start: int, end: int, dashed: bool = False) -> None:
        """An arrow to the right."""
        self.line(f"M{start} {y}H{end}", dashed)
        self.heads.append(f"M{end} {y}l-8 -5v10z")

    def picture(self, width: int, height: int) -> Picture:
        return Picture(width, height, tuple(self.boxes), tuple(self.arrows), tuple(self.heads))


def down(blocks: Sequence[Sequence[StepWords]]) -> Picture:
    """From top to bottom; steps side by side hang on a common line, which is joined again below them."""
    drawing = _Drawing()
    left = MARGIN + 2 * RAIL
    rail, centre = MARGIN + RAIL, left + WIDTH // 2
    y = MARGIN
    for n, block in enumerate(blocks):
        if n:
            drawing.down(centre, y, y + GAP - 2)
            y += GAP
        if len(block) == 1:
            box = _box(block[0], left, y)
            drawing.boxes.append(box)
            y = box.bottom
            continue
        top = y
        y += RAIL
        for step in block:
            box = _box(step, left, y)
            drawing.boxes.append(box)
            drawing.right(box.middle, rail, left - 1, dashed=bool(step.condition))
            y = box.bottom + BETWEEN
        y += RAIL - BETWEEN
        drawing.line(f"M{centre} {top}H{rail}V{y}H{centre}")
    return drawing.picture(left + WIDTH + MARGIN, y + MARGIN)


def across(blocks: Sequence[Sequence[StepWords]], widest: int = 960) -> Picture:
    """From left to right in rows; steps side by side stand above one another between two joints."""
    drawing = _Drawing()
    start = MARGIN + 2 * EDGE
    x, y, width = start, MARGIN, 0
    leaving: tuple[int, int] | None = None
    for row in _rows(blocks, widest - start - EDGE):
        tallest = max(map(_height, row))
        middle = y + tallest // 2
        x = start
        if leaving:
            end, before = leaving
            turn = y - ROW_GAP // 2
            drawing.line(f"M{end} {before}H{end + EDGE}V{turn}H{MARGIN + EDGE}V{middle}")
            drawing.right(middle, MARGIN + EDGE, x - 1)
        for n, block in enumerate(row):
            if n:
                drawing.right(middle, x, x + GAP - 1)
                x += GAP
            x = _block_across(drawing, block, x, middle)
        leaving = (x, middle)
        width = max(width, x + EDGE + MARGIN)
        y += tallest + ROW_GAP
    return drawing.picture(max(width, start), max(y - ROW_GAP, 0) + MARGIN)


def _block_across(drawing: _Drawing, block: Sequence[StepWords], x: int, middle: int) -> int:
    """Draws the block around the middle line; its right end."""
    y = middle - _height(block) // 2
    if len(block) == 1:
        drawing.boxes.append(_box(block[0], x, y))
        return x + WIDTH
    left, right = x, x + 2 * RAIL + WIDTH
    made = []
    for step in block:
        box = _box(step, x + RAIL, y)
        made.append(box)
        dashed = bool(step.condition)
        drawing.right(box.middle, left, box.x - 1, dashed)
        drawing.line(f"M{box.x + WIDTH} {box.middle}H{right}", dashed)
        y = box.bottom + BETWEEN
    drawing.boxes += made
    for rail in (left, right):
        drawing.line(f"M{rail} {made[0].middle}V{made[-1].middle}")
    return right


def _rows(blocks: Sequence[Sequence[StepWords]], widest: int) -> list[list[Sequence[StepWords]]]:
    """The blocks in rows that are no wider than that, one block at least in each."""
    rows: list[list[Sequence[StepWords]]] = []
    used = 0
    for block in blocks:
        width = WIDTH + (2 * RAIL if len(block) > 1 else 0)
        if rows and used + GAP + width <= widest:
            rows[-1].append(block)
            used += GAP + width
        else:
            rows.append([block])
            used = width
    return rows


def _height(block: Sequence[StepWords]) -> int:
    return sum(_lines(step)[1] for step in block) + BETWEEN * (len(block) - 1)
