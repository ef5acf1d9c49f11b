"""RULE: how a signature and a seal look. Shapes as SVG and small pieces of HTML; no Django, no files.

Phụ lục I of Nghị định 30/2020/NĐ-CP: the signature image is blue, between the title and the name; the seal image is red, in the
size of the real seal (36 mm), over the left third of the signature; the words about the signing are black, upright, 10 points.
"""

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from html import escape

from services.documents.decree import name_lines

BLUE = "#12369a"
RED = "#d7141a"
SEAL_MM = 36
FLOURISH_MM = (48, 17)
Widths = Callable[[str], float]
"""The width of a text in bold letters, in parts of the letter size."""


def _numbers(seed: str) -> Iterator[float]:
    """Endless numbers from 0 to 1, always the same for the same text."""
    counter = 0
    while True:
        for byte in hashlib.sha256(f"{seed}/{counter}".encode()).digest():
            yield byte / 255
        counter += 1


def flourish(name: str) -> str:
    """A pen stroke that stands for a handwritten signature: the same name always gives the same one."""
    chance = _numbers(name)
    points = _smooth([*_first_letter(chance), *_letters(chance, len(name)), *_swash(chance)])
    return _inked(points)


Point = tuple[float, float]


def _first_letter(chance: Iterator[float]) -> list[Point]:
    """A tall loop, left of everything."""
    height = 9.5 + 2.5 * next(chance)
    lean = 1.5 + 2 * next(chance)
    return [(1, 11), (3 + lean, 13 - height), (6 + lean, 14 - height), (4.5, 13), (2, 15), (1.5, 12.5), (6, 9.5)]


def _letters(chance: Iterator[float], length: int) -> list[Point]:
    """Loops running to the right, some tall, some low, ever smaller."""
    points: list[Point] = []
    x = 7.5
    for turn in range(5 + min(length, 24) // 6):
        shrink = 1 - turn / 14
        rise = (6.5 if next(chance) > 0.68 else 2.6) * shrink * (0.75 + next(chance) / 2)
        wide = (1.7 + 1.4 * next(chance)) * shrink
        points += [
            (x + wide, 10.4 - rise),
            (x + wide * 0.7, 9.6 - rise * 1.05),
            (x + wide * 0.6, 11.2),
            (x + wide * 1.6, 12 - next(chance)),
        ]
        x += wide * 1.75
    return points


def _swash(chance: Iterator[float]) -> list[Point]:
    """The last stroke: out to the right, back under the name, and out again."""
    return [
        (33 + 3 * next(chance), 8),
        (38, 9.5),
        (30, 14.4),
        (12 + 4 * next(chance), 15.2),
        (20, 14),
        (34, 12.3),
        (46, 10.6 - 1.6 * next(chance)),
    ]


def _smooth(knots: Sequence[Point]) -> list[Point]:
    """Points close together on a soft curve through the knots (Catmull-Rom)."""
    path = [knots[0], *knots, knots[-1]]
    points = []
    for at in range(len(path) - 3):
        before, start, end, after = path[at : at + 4]
        for part in range(8):
            t = part / 8
            points.append(
                (_between(before[0], start[0], end[0], after[0], t), _between(before[1], start[1], end[1], after[1], t))
            )
    return [*points, knots[-1]]


def _between(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t * t
        + (3 * start - before - 3 * end + after) * t**3
    )


def _inked(points: Sequence[Point]) -> str:
    """The stroke as one filled shape: thick downwards, thin upwards, running out at both ends, as a nib writes."""
    left, right = [], []
    for at in range(1, len(points) - 1):
        dx, dy = points[at + 1][0] - points[at - 1][0], points[at + 1][1] - points[at - 1][1]
        length = math.hypot(dx, dy) or 1
        ends = min(1, at / 10, (len(points) - 1 - at) / 14)
        half = (0.13 + 0.17 * max(0, dy / length)) * (0.35 + 0.65 * ends)
        x, y = points[at]
        left.append(f"{x - dy / length * half:.2f} {y + dx / length * half:.2f}")
        right.append(f"{x + dy / length * half:.2f} {y - dx / length * half:.2f}")
    width, height = FLOURISH_MM
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f'<path d="M{"L".join([*left, *reversed(right)])}Z" fill="{BLUE}" fill-rule="nonzero"/></svg>'
    )


def seal(agency: str, above: str, widths: Widths) -> str:
    """A round red seal: what stands `above` the agency runs along the ring, the agency is inside under a star."""
    parts = [
        f'<circle r="17.45" fill="none" stroke="{RED}" stroke-width="0.75"/>',
        f'<circle r="16.6" fill="none" stroke="{RED}" stroke-width="0.22"/>',
        f'<circle r="11.7" fill="none" stroke="{RED}" stroke-width="0.4"/>',
        *_along_ring(above.upper(), 13.05, 2.75, widths),
        _star(0, 14.1, 1.25),
        _star(0, -7.6, 2.2),
        *_inside(agency.upper(), widths),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SEAL_MM}mm" height="{SEAL_MM}mm" viewBox="-18 -18 36 36">'
        f'<g opacity="0.92">{"".join(parts)}</g></svg>'
    )


def _text(letters: str, size: float, transform: str) -> str:
    return (
        f'<text font-family="Tinos" font-weight="bold" font-size="{size:.3f}" text-anchor="middle" fill="{RED}" transform="{transform}">'
        f"{escape(letters)}</text>"
    )


def _along_ring(text: str, radius: float, size: float, widths: Widths) -> list[str]:
    """Letters around the top, symmetric, leaving the bottom free; long names get smaller letters."""
    spacing = 0.09
    whole = sum(widths(letter) + spacing for letter in text)
    size = min(size, radius * math.radians(285) / whole) if whole else size
    angle = -whole * size / radius / 2
    letters = []
    for letter in text:
        step = (widths(letter) + spacing) * size / radius
        if not letter.isspace():
            letters.append(_text(letter, size, f"rotate({math.degrees(angle + step / 2):.2f}) translate(0 {-radius:.2f})"))
        angle += step
    return letters


def _inside(text: str, widths: Widths) -> list[str]:
    """Centred lines of one size, as large as the circle lets them be."""
    lines = name_lines(text, longest=13)
    height = 2.8 if len(lines) < 4 else 2.4 if len(lines) < 5 else 1.95
    top = 1.1 - (len(lines) - 2) * height * 0.42
    rows = [(line, top + number * height * 1.15) for number, line in enumerate(lines)]
    room = [2 * math.sqrt(max(10.7**2 - max(abs(y), abs(y - height * 0.8)) ** 2, 9)) / max(widths(line), 1) for line, y in rows]
    size = min(height, *room)
    return [_text(line, size, f"translate(0 {y:.2f})") for line, y in rows]


def _star(x: float, y: float, size: float) -> str:
    points = []
    for corner in range(10):
        radius = size if corner % 2 == 0 else size * 0.382
        angle = math.radians(corner * 36 - 90)
        points.append(f"{x + radius * math.cos(angle):.2f},{y + radius * math.sin(angle):.2f}")
    return f'<polygon points="{" ".join(points)}" fill="{RED}"/>'


def words(lines: Sequence[tuple[str, str]]) -> str:
    """`Người ký: …` and so on, black, upright, 10 points."""
    return "".join(
        f'<p style="margin: 0; font-size: 10pt; line-height: 1.15">{escape(label)}: {escape(text)}</p>'
        for label, text in lines
        if text
    )


def signature_piece(name: str, lines: Sequence[tuple[str, str]]) -> str:
    """What the official's field shows: the signature in the middle, the words at its lower right, clear of the seal."""
    return f'<div style="text-align: center; line-height: 0">{flourish(name)}</div><div style="margin: 0.5mm 0 0 35mm">{words(lines)}</div>'


def seal_piece(agency: str, above: str, widths: Widths, lines: Sequence[tuple[str, str]] = ()) -> str:
    """What the agency's field shows: the seal, and beside it words where nobody else signs."""
    stamp = seal(agency, above, widths)
    if not lines:
        return f'<div style="line-height: 0">{stamp}</div>'
    return (
        f'<div style="position: absolute; left: 0; top: 0; line-height: 0">{stamp}</div>'
        f'<div style="padding: {SEAL_MM / 2 - 9}mm 0 0 {SEAL_MM + 2}mm">{words(lines)}</div>'
    )


def number_piece(text: str) -> str:
    """The number, ending where the stroke before the symbol is printed."""
    return f'<p style="margin: 0; font-size: 13pt; line-height: 1.1074; text-align: right">{escape(text)}</p>'


def day_piece(text: str) -> str:
    """The day of issue, in the slanted letters of the dateline."""
    return f'<p style="margin: 0; font-size: 13pt; line-height: 1.1074; font-style: italic; text-align: left; white-space: nowrap">{escape(text)}</p>'
