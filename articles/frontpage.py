"""The site's front page, and what comes, goes and moves there between two states of the files.

Before and after a release is asked here, two days of the repository's past in `front_history`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from articles.filing import topic_names
from articles.models import Site, Story
from articles.releases.planning import Item, Plan, waiting_on
from articles.sitejson import PAGE_SIZE
from articles.storyfile.reader import StoryReader

BALANCED = 8
"""Sources and topics that the balance names."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of the front page. `was` is its place before, None for a story that comes.

    `id` tells stories apart: the desk's number, or, where the desk is not asked, the path.
    """

    id: int | str
    title: str
    provider: str
    published_at: datetime | None
    topics: tuple[str, ...] = ()
    was: int | None = None
    place: int = 0

    @property
    def is_new(self) -> bool:
        """Whether it was not there before."""
        return self.was is None


@dataclass(slots=True)
class FrontPage:
    """The front page as it is afterwards, and what left it."""

    after: list[Shown] = field(default_factory=list)
    gone: list[Shown] = field(default_factory=list)
    sources: list[tuple[str, int, int]] = field(default_factory=list)
    topics: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether a reader sees a difference on the first page."""
        return bool(self.gone) or any(shown.is_new for shown in self.after)


def front_page(plan: Plan) -> FrontPage:
    """Compare the first page of the site as its files say it now and after the release."""
    items = {item.story.pk: item for item in plan.items}
    ids = set(waiting_on(plan.site).values_list("pk", flat=True))
    steady = _live(plan.site, ids)
    said = {pk: _said(item) for pk, item in items.items()}
    others = _others(ids - items.keys())
    before = newest([*steady, *others, *(old for old, _ in said.values() if old)])
    after = newest([*steady, *others, *(new for _, new in said.values() if new)])
    topics = topic_names({shown.id for shown in (*before, *after) if isinstance(shown.id, int)})
    return compared(_with_topics(before, topics), _with_topics(after, topics))


def _live(site: Site, without: set[int]) -> list[Shown]:
    """What is on the site, file and desk agreeing about it; a page's worth is enough."""
    live = Story.objects.of_site(site.pk).live().with_file().filter(missing_since=None)
    rows = live.filter(pending=False).newest_first().light()[:PAGE_SIZE]
    return [_shown(story, story.published_at) for story in rows if story.pk not in without]


def _others(ids: set[int]) -> list[Shown]:
    """Stories that wait and are left out: their files stay, as far as their rows tell."""
    rows = Story.objects.filter(pk__in=list(ids)[:PAGE_SIZE]).live().light()
    return [_shown(story, story.published_at) for story in rows if story.file_digest]


def _said(item: Item) -> tuple[Shown | None, Shown | None]:
    """The story as its file shows it now, and after the release; None where it is not live."""
    record = item.rendering.record
    story = item.story
    new = _shown(story, record.published_at) if record.published else None
    if item.rendering.stored is None:
        return None, new
    if not {"published", "published_at", "title"} & item.rendering.after.keys():
        return new, new
    old = StoryReader().read(item.rendering.stored)
    return (_shown(story, old.published_at) if old.published else None), new


def _shown(story: Story, at: datetime | None) -> Shown:
    return Shown(story.pk, story.title, story.provider_name or story.provider_domain, at)


def _with_topics(page: list[Shown], topics: Mapping[int, list[str]]) -> list[Shown]:
    return [
        replace(shown, topics=tuple(topics.get(shown.id, ())))
        for shown in page
        if isinstance(shown.id, int)
    ]


def newest(found: Collection[Shown]) -> list[Shown]:
    """The first page of live stories, as the publisher orders them; unknown dates last."""
    dated = [shown for shown in found if shown.published_at]
    undated = [shown for shown in found if not shown.published_at]
    dated.sort(key=lambda shown: (shown.published_at, shown.id), reverse=True)
    return [*dated, *undated][:PAGE_SIZE]


def compared(before: list[Shown], after: list[Shown]) -> FrontPage:
    """What a reader sees of the step from one first page to the other."""
    was = {shown.id: place for place, shown in enumerate(before, start=1)}
    now = {shown.id for shown in after}
    placed = [
        replace(shown, was=was.get(shown.id), place=place)
        for place, shown in enumerate(after, start=1)
    ]
    return FrontPage(
        placed,
        [shown for shown in before if shown.id not in now],
        _balance([s.provider for s in before], [s.provider for s in after]),
        _balance(_topics(before), _topics(after)),
    )


def _topics(page: list[Shown]) -> list[str]:
    return [name for shown in page for name in shown.topics]


def _balance(before: list[str], after: list[str]) -> list[tuple[str, int, int]]:
    """The most frequent names with how often they stand there before and after."""
    old, new = Counter(before), Counter(after)
    names = sorted({*old, *new}, key=lambda name: (-max(old[name], new[name]), name))
    return [(name, old[name], new[name]) for name in names if name][:BALANCED]
