"""The table of common words: built from counts, read by suggestions."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.textmatch import COMMON_WORDS, common_words

COUNTS = "the 900000\nvote 600\nvoted 400\nferry 10\nrare 0\n"


def test_adds_up_the_forms_of_a_word_without_stop_words(tmp_path: Path) -> None:
    source, target = tmp_path / "counts.txt", tmp_path / "common.txt"
    source.write_text(COUNTS)
    call_command("build_common_words", source, output=target, verbosity=0)
    lines = target.read_text().splitlines()
    assert lines[0] == COMMON_WORDS.read_text().splitlines()[0]
    assert lines[1:] == ["vot 1110", "ferri 11"]


@pytest.mark.parametrize("text", [None, "ferry\n", "ferry many\n"])
def test_says_what_is_wrong_with_the_list(tmp_path: Path, text: str | None) -> None:
    source = tmp_path / "counts.txt"
    if text is not None:
        source.write_text(text)
    with pytest.raises(CommandError, match=r"counts\.txt"):
        call_command("build_common_words", source, output=tmp_path / "common.txt", verbosity=0)


def test_the_table_that_ships_is_small_and_in_order() -> None:
    found = common_words()
    shares = list(found.values())
    assert len(found) == 6_000
    assert shares == sorted(shares, reverse=True)
    assert 0 < shares[-1] < shares[0] < 0.1
    assert COMMON_WORDS.stat().st_size < 100_000
