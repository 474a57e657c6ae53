"""Build the table of common English words: `manage.py build_common_words FREQUENCIES`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.textmatch import COMMON_WORDS, STOP_WORDS, stem

KEPT = 6_000
"""Stems in the table: rarer ones stand in less than one of a thousand stories."""
HEAD = "# Stems of common English words, each with its occurrences in a million words."


class Command(BaseCommand):
    """Adds up words with their counts by stem: what suggestions take for plain English."""

    requires_system_checks = ()
    help = "Builds the table of common words from lines of: word, space, count."

    def add_arguments(self, parser: CommandParser) -> None:
        """FREQUENCIES."""
        parser.add_argument(
            "frequencies", type=Path, metavar="FREQUENCIES", help="a word and its count a line"
        )
        parser.add_argument(
            "--output", type=Path, default=COMMON_WORDS, metavar="FILE", help="default: the shipped"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, add up, write."""
        try:
            lines = options["frequencies"].read_text(encoding="utf-8-sig").splitlines()
            rows = [f"{word} {rate}" for word, rate in rates(lines)]
        except OSError as error:
            raise CommandError(f"{options['frequencies']}: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(
                f"{options['frequencies']} holds something else than lines of: word, space, count."
            ) from error
        options["output"].write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
        self.stdout.write(f"{len(rows):,} stems in {options['output']}")


def rates(lines: Iterable[str]) -> list[tuple[str, int]]:
    """The commonest stems with their occurrences in a million words, stop words left out."""
    counts: Counter[str] = Counter()
    total = 0
    for word, count in (line.split() for line in lines if line.strip()):
        total += int(count)
        bare = word.replace("'", "").lower()
        if bare.isalnum() and bare not in STOP_WORDS:
            counts[stem(bare)] += int(count)
    found = ((word, round(count * 1e6 / total)) for word, count in counts.most_common(KEPT))
    return [(word, rate) for word, rate in found if rate]
