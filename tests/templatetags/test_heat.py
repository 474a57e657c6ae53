"""Heat, counts and progress as pictures."""

from __future__ import annotations

import re

import pytest

from articles.templatetags._heat import heat_bar, heat_words, meter, quality_bar


def width(html: str, name: str) -> float:
    found = re.search(rf'class="{name}" x="[\d.]+" width="([\d.]+)"', html)
    assert found, html
    return float(found[1])


def test_splits_the_heat_into_quality_and_coverage() -> None:
    html = heat_bar(84, 124, 70)
    assert width(html, "heat-quality") == pytest.approx(42, abs=0.1)
    assert width(html, "heat-coverage") == pytest.approx(20, abs=0.1)


def test_puts_the_line_in_the_same_place_for_every_site() -> None:
    assert heat_bar(10, 10, 40).count('class="heat-tick" x="34.0"') == 1
    assert width(heat_bar(40, 40, 40), "heat-quality") == pytest.approx(35, abs=0.1)


def test_ends_in_an_arrow_beyond_the_bar() -> None:
    html = heat_bar(102, 806, 70)
    assert "<path" in html
    assert "heat-rail" not in html


@pytest.mark.parametrize(
    ("quality", "heat"), [(None, None), (None, 90), (5, None), (-3, -1), (0, 0)]
)
def test_draws_unknown_and_odd_numbers(quality: int | None, heat: int | None) -> None:
    html = heat_bar(quality, heat, 0)
    assert html.startswith("<svg")
    assert 'width="-' not in html


def test_draws_the_quality_alone() -> None:
    assert 'width="35.0"' in quality_bar(70, 70)
    assert 'width="0.0"' in quality_bar(None, 70)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (
            (76, 116, 2, 70),
            "Heat 116: quality 76 plus 40 for 2 related; at or above the publishing line of 70",
        ),
        ((52, 52, 0, 70), "Heat 52: quality 52; below the publishing line of 70"),
        ((98, -1, 3, 70), "Superseded by its lead; quality 98"),
        ((None, 80, 1, 70), "Heat 80; at or above the publishing line of 70"),
        ((None, None, 0, 70), "Heat unknown"),
    ],
)
def test_says_the_heat_in_words(numbers: tuple[int, int, int, int], words: str) -> None:
    assert heat_words(*numbers) == words


def test_fills_the_meter() -> None:
    assert 'class="fill" width="50.0"' in meter(5, 10)
    assert 'class="fill" width="0.0"' in meter(0, 0)
    assert 'class="fill" width="100.0"' in meter(12, 10)


def test_uses_no_style_attributes() -> None:
    drawn = heat_bar(84, 806, 70) + quality_bar(3, 70) + meter(1, 2)
    assert "style=" not in drawn
