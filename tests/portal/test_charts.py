import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import charts

VALUES = st.floats(0, 1e9, allow_nan=False)


@given(st.lists(st.tuples(st.text(max_size=60), VALUES), max_size=12))
def test_bars_stay_inside_the_picture_and_in_proportion(values: list[tuple[str, float]]) -> None:
    chart = charts.bars(values, title="Hồ sơ")
    room = charts.WIDTH - charts.LABEL_WIDTH - charts.VALUE_WIDTH
    assert all(0 <= bar.width <= room and bar.y + chart.bar_height <= chart.height for bar in chart.bars)
    assert all((bar.width > 0) == (bar.value > 0) for bar in chart.bars)
    by_value = sorted(chart.bars, key=lambda bar: bar.value)
    assert [bar.width for bar in by_value] == sorted(bar.width for bar in by_value)


@given(VALUES)
def test_the_scale_is_round_and_holds_the_largest(largest: float) -> None:
    top, step = charts.scale(largest)
    assert top >= largest * (1 - 1e-9)
    assert 1 <= round(top / step) <= 6
    assert re.fullmatch(r"[125]0*", f"{step:.0f}") or step < 1


@given(st.integers(0, 30), st.integers(1, 5), st.data())
def test_lines_stay_inside_the_picture(count: int, series: int, data: st.DataObject) -> None:
    rows = [(f"S{number}", data.draw(st.lists(VALUES, min_size=count, max_size=count))) for number in range(series)]
    chart = charts.lines([str(number) for number in range(count)], rows, title="Theo tháng")
    for line in chart.lines:
        assert all(charts.PAD_LEFT <= x <= chart.right and charts.PAD_TOP - 1 <= y <= chart.bottom for x, y, _ in line.dots)
    assert len(chart.x_ticks) <= 8


def test_a_series_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        charts.lines(["a"], [("S", [1, 2])], title="")


def test_long_labels_are_cut_at_a_word_in_the_picture_and_whole_in_the_table() -> None:
    name = "Cấp giấy phép xây dựng mới công trình cấp III, cấp IV"
    assert charts.shorten(name) == "Cấp giấy phép xây dựng mới…"
    assert name in render_to_string("components/bar_chart.html", {"chart": charts.bars([(name, 2.5)], title="T", unit="hồ sơ")})


def test_numbers_are_printed_without_separators_in_the_picture() -> None:
    html = render_to_string("components/bar_chart.html", {"chart": charts.bars([(str(n), n) for n in range(40)], title="T")})
    assert 'viewBox="0 0 720 1360"' in html
    assert "style=" not in html


def test_no_figures_is_said() -> None:
    assert "No figures yet." in render_to_string("components/bar_chart.html", {"chart": charts.bars([], title="T")})
    assert "No figures yet." in render_to_string("components/line_chart.html", {"chart": charts.lines([], [], title="T")})
