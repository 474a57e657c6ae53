"""Labelled stories through the real models, suggested and grouped by the real code."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from articles import word_counts
from articles.eventgroups import gather
from articles.grouping import JOINS_FROM, dated, scores_of, undated
from articles.models import Provider, Site, Story
from articles.rules import Queue
from articles.suggestions import suggest
from articles.textmatch import plain_title, read
from articles.weburl import match_key, registrable_domain
from tests.benchmarks.filling import tidy
from tests.benchmarks.processor import Processors

TIMED = 200
"""Stories whose ten best are asked for by the clock."""


def measure(gold: Path, suggested: Path, grouped: Path) -> dict[str, Any]:
    """Write the suggestions of every labelled story and the groups; milliseconds a suggestion."""
    stories, names = _load(gold)
    scores, compared = scores_of(stories)
    related: dict[int, list[tuple[str, float]]] = {story.pk: [] for story in stories}
    for (story, other), each in compared.items():
        related[story].append((names[other], each.score))
    _write(suggested, ({"id": names[pk], "related": found} for pk, found in related.items()))
    groups = gather(
        scores,
        JOINS_FROM,
        dated=dated(compared, stories),
        undated=undated(stories[0].site),
    )
    members = ((names[pk], f"group {n}") for n, group in enumerate(groups) for pk in group)
    _write(grouped, ({"id": name, "cluster": group} for name, group in members))
    return {"ms": round(_milliseconds(stories), 2)}


def _load(gold: Path) -> tuple[list[Story], dict[int, str]]:
    site = Site.objects.create(slug="gold")
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line]
    providers: dict[str, Provider] = {}
    stories = Story.objects.bulk_create(
        [_story(number, line, site, providers) for number, line in enumerate(lines)],
        batch_size=500,
    )
    word_counts.settle()
    return stories, dict(zip((story.pk for story in stories), names_of(lines), strict=True))


def names_of(lines: Sequence[dict[str, Any]]) -> list[str]:
    """What the stories are called in the results: their ids.

    Of several lines with one id the last one has the label (so `score.py` and `quality` read
    them); the stories of the others are there like any that nobody labelled.
    """
    last = {line["id"]: number for number, line in enumerate(lines)}
    return [
        line["id"] if last[line["id"]] == number else f"{line['id']} (line {number + 1})"
        for number, line in enumerate(lines)
    ]


def _story(number: int, line: dict[str, Any], site: Site, providers: dict[str, Provider]) -> Story:
    domain = registrable_domain(line["provider"]) if line["provider"] else ""
    if domain and domain not in providers:
        providers[domain] = Provider.objects.create(domain=domain, name=domain)
    now = timezone.now()
    return Story(
        site=site,
        path=f"{number}.md",
        path_key=f"{number:032x}",
        title=line["title"],
        excerpt=line["excerpt"] or "",
        published_at=_moment(line["date"]),
        provider=providers.get(domain),
        provider_name=domain,
        queue=Queue.INBOX,
        created_at=now,
        updated_at=now,
    )


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _write(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def latency(times: int) -> dict[str, Any]:
    """Milliseconds of `suggest` in the middle and at 95 %, for stories spread over the archive.

    Once of first calls by the clock, once of the best of three of each story (`quiet`), and once
    of the processors of both sides (`busy`): what other processes on the machine take is in the
    first, hardly in the second, not in the third. Nothing is remembered between the calls.
    """
    word_counts.settle()
    tidy()
    last = Story.objects.order_by("-pk").values_list("pk", flat=True)[0]
    wanted = [last * number // times for number in range(1, times + 1)]
    stories = list(Story.objects.filter(pk__in=wanted))
    processors = Processors()
    for story in stories[:5]:  # the first ones warm up
        _timed(story, processors)
    calls = [[_timed(story, processors) for _ in range(3)] for story in stories]
    first = [each[0][0] for each in calls]
    best = [min(clock for clock, _ in each) for each in calls]
    busy = [each[0][1] for each in calls]
    found = {"stories": last, **_quantiles("", first), **_quantiles("quiet ", best)}
    return {**found, **_quantiles("busy ", busy)} if processors.is_whole else found


def _timed(story: Story, processors: Processors) -> tuple[float, float]:
    """Milliseconds by the clock and of the processors."""
    for remembers in (read, plain_title, match_key):
        remembers.cache_clear()
    start, busy = time.perf_counter(), processors.busy()
    suggest(story)
    return (time.perf_counter() - start) * 1_000, processors.busy() - busy


def _quantiles(name: str, found: Sequence[float]) -> dict[str, float]:
    quantiles = statistics.quantiles(found, n=20)
    return {f"{name}p50": round(quantiles[9], 1), f"{name}p95": round(quantiles[18], 1)}


def _milliseconds(stories: Sequence[Story]) -> float:
    """The mean time of the ten best suggestions of a story."""
    asked = stories[:: max(1, len(stories) // TIMED)]
    start = time.perf_counter()
    for story in asked:
        suggest(story)
    return (time.perf_counter() - start) / len(asked) * 1_000
