"""RULE: values -> rectangles and lines to draw. Pure layout; the template draws them as SVG with a table beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 720
ROW = 34
BAR = 18
LABEL_WIDTH = 240
VALUE_WIDTH = 70
HEIGHT = 260
PAD_LEFT, PAD_RIGHT, PAD_TOP, PAD_BOTTOM = 48, 16, 14, 34
SMALLEST = 1e-6
LABEL_CHARACTERS = 30
"""A longer label is shortened in the picture; the table has it whole."""
TONES = ("plain", "good", "warn", "bad")


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar: text at the left, bar, value at its end. Lengths in SVG units."""

    label: str
    short_label: str
    value: float
    text: str
    tone: str
    y: int
    width: int
    text_x: int
    text_y: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart of horizontal bars, ready to draw."""

    title: str
    unit: str
    width: int
    height: int
    bar_x: int
    bar_height: int
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    position: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series: `points` for a polyline, `dots` for its values."""

    name: str
    number: int
    points: str
    dots: list[tuple[float, float, str]]
    values: list[float]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Series over the same labels, ready to draw."""

    title: str
    unit: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    labels: list[str]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    lines: list[Line]

    @property
    def rows(self) -> list[tuple[str, list[float]]]:
        """The table: a label and the value of each series."""
        return [(label, [line.values[position] for line in self.lines]) for position, label in enumerate(self.labels)]


def bars(
    values: Sequence[tuple[str, float] | tuple[str, float, str]], *, title: str, unit: str = "", maximum: float | None = None
) -> BarChart:
    """Horizontal bars in the given order. A third item of a value is its tone: plain, good, warn or bad."""
    top = maximum if maximum is not None else max((row[1] for row in values), default=0)
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    drawn = []
    for position, (label, value, *tone) in enumerate(values):
        share = min(1.0, max(0.0, value / top)) if top > 0 else 0.0
        width = max(2, round(room * share)) if value > 0 else 0
        y = position * ROW + (ROW - BAR) // 2
        drawn.append(
            Bar(
                label=label,
                short_label=shorten(label),
                value=value,
                text=number_text(value),
                tone=tone[0] if tone and tone[0] in TONES else "plain",
                y=y,
                width=width,
                text_x=LABEL_WIDTH + width + 8,
                text_y=y + BAR - 4,
            )
        )
    return BarChart(
        title=title, unit=unit, width=WIDTH, height=max(ROW, len(drawn) * ROW), bar_x=LABEL_WIDTH, bar_height=BAR, bars=drawn
    )


def lines(labels: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], *, title: str, unit: str = "") -> LineChart:
    """Lines over time. Every series has one value for each label."""
    for name, values in series:
        if len(values) != len(labels):
            raise ValueError(f"{name}: {len(values)} values for {len(labels)} labels")
    top, step = scale(max((value for _, values in series for value in values), default=0))
    bottom, right = HEIGHT - PAD_BOTTOM, WIDTH - PAD_RIGHT
    gap = (right - PAD_LEFT) / max(1, len(labels) - 1)
    every = max(1, math.ceil(len(labels) / 8))

    def y_of(value: float) -> float:
        return round(bottom - (bottom - PAD_TOP) * max(0.0, value) / top, 1)

    xs = [round(PAD_LEFT + gap * position, 1) for position in range(len(labels))]
    drawn = [
        Line(
            name=name,
            number=number,
            points=" ".join(f"{x},{y_of(value)}" for x, value in zip(xs, values, strict=True)),
            dots=[(x, y_of(value), number_text(value)) for x, value in zip(xs, values, strict=True)],
            values=list(values),
        )
        for number, (name, values) in enumerate(series, start=1)
    ]
    return LineChart(
        title=title,
        unit=unit,
        width=WIDTH,
        height=HEIGHT,
        left=PAD_LEFT,
        right=right,
        bottom=bottom,
        labels=list(labels),
        x_ticks=[Tick(x, label) for position, (x, label) in enumerate(zip(xs, labels, strict=True)) if position % every == 0],
        y_ticks=[Tick(y_of(step * count), number_text(step * count)) for count in range(round(top / step) + 1)],
        lines=drawn,
    )


def scale(largest: float) -> tuple[float, float]:
    """Top of an axis and the step of its marks, both round numbers: 83 -> (100, 20)."""
    if largest < SMALLEST:
        return 1.0, 1.0
    power = 10.0 ** math.floor(math.log10(largest / 5))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= largest * (1 - 1e-9))
    return step * math.ceil(largest / step - 1e-9), step


def shorten(text: str) -> str:
    """Cut at a word, with an ellipsis."""
    if len(text) <= LABEL_CHARACTERS:
        return text
    cut = text[: LABEL_CHARACTERS - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[LABEL_CHARACTERS // 2 :] else cut).rstrip(" ,;") + "…"


def number_text(value: float) -> str:
    """A whole number as such, else with one decimal and a comma."""
    return str(int(value)) if float(value).is_integer() else f"{value:.1f}".replace(".", ",")
