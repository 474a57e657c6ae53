"""The public JSON of a site: what its readers' pages fetch (`api/news/...`).

The objects are those the publisher makes of the story files, key for key: the text of the file as
it stands there, what the file does not say as null. Three kinds of values are withheld, because
this server must not hand them to readers' browsers: an address that is no plain http(s) link
becomes null, a picture with such an address is left out, and featured content that is not exactly
one YouTube player becomes null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from articles.destination import Destination
from articles.models import Site, Story, StoryTopic, Topic
from articles.weburl import safe_href, youtube_id

PAGE_SIZE = 25
"""Fixed by the site's theme; `page_size` in `_config.yml` is not used."""

MAX_PAGE = 1_000_000

FOLDER = "api/news"
INDEX = "index.json"

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_RESERVED = re.compile(r"page\d*")
_PAGE_FOLDER = re.compile(rb"[1-9][0-9]{0,8}")

_COLUMNS = (
    "path",
    "vocabulary",
    "title",
    "excerpt",
    "web_url",
    "original_url",
    "featured_content",
    "heat",
    "body",
    "kind",
    "amp_url",
    "cdn_amp_url",
    "published_at",
    "provider_name",
    "provider_domain",
    "provider_images",
    "category",
    "extras",
)

Page = dict[str, Any]


def is_feed_slug(slug: str) -> bool:
    """Whether a topic's slug can name a folder of the public JSON."""
    return bool(_SLUG.fullmatch(slug)) and not _RESERVED.fullmatch(slug)


@dataclass(frozen=True)
class Feed:
    """The live stories of a site, or of one of its topics, newest first."""

    site: Site
    topic: Topic | None = None

    @property
    def folder(self) -> str:
        """Where the feed's pages lie on the site."""
        return f"{FOLDER}/{self.topic.slug}" if self.topic else FOLDER

    def page(self, number: int) -> Page | None:
        """Return page `number`, counted from 1; `None` beyond the last (page 1 always exists)."""
        if not 1 <= number <= MAX_PAGE:
            return None
        start = (number - 1) * PAGE_SIZE
        ids = list(self._ids()[start : start + PAGE_SIZE + 1])
        if not ids and number > 1:
            return None
        return self._page(number, ids[:PAGE_SIZE], has_next=len(ids) > PAGE_SIZE)

    def pages(self) -> Iterator[Page]:
        """Yield every page, the last one first; what is published meanwhile shifts no story."""
        ids = list(self._ids())
        last = max(-(-len(ids) // PAGE_SIZE), 1)
        for number in range(last, 0, -1):
            start, end = (number - 1) * PAGE_SIZE, number * PAGE_SIZE
            yield self._page(number, ids[start:end], has_next=number < last)

    def _ids(self) -> Any:
        """The ids of the live stories: published, with a file, and the file still there."""
        if self.topic is None:
            live = Story.objects.of_site(self.site.pk).live().with_file()
            return live.filter(missing_since=None).newest_first().values_list("id", flat=True)
        return (
            StoryTopic.objects.filter(
                topic=self.topic,
                published__in=[True],
                story__path_key__isnull=False,
                story__missing_since=None,
            )
            .order_by("-listed_at", "-story_id")
            .values_list("story_id", flat=True)
        )

    def _page(self, number: int, ids: list[int], *, has_next: bool) -> Page:
        return {
            "page": number,
            "value": _objects(self.site, ids),
            "nextPage": number + 1 if has_next else None,
        }


def feeds(site: Site) -> Iterator[Feed]:
    """Yield the site's own feed and that of every topic its repository lists."""
    yield Feed(site)
    for topic in site.topics.filter(is_listed=True):
        if is_feed_slug(topic.slug):
            yield Feed(site, topic)


def find_feed(site: Site, slug: str) -> Feed | None:
    """Return the feed of the topic with this slug, if the site has one."""
    topic = site.topics.filter(is_listed=True, slug=slug).first() if is_feed_slug(slug) else None
    return Feed(site, topic) if topic else None


def encode(page: Page) -> bytes:
    """Return the bytes of a page, the same for a file and for an answer of the server."""
    return (json.dumps(page, ensure_ascii=False, indent=2) + "\n").encode()


def _objects(site: Site, ids: list[int]) -> list[dict[str, Any]]:
    """The stories with these ids in this order; three queries, however many there are."""
    found = (
        Story.objects.filter(pk__in=ids)
        .only(*_COLUMNS)
        .prefetch_related("images", "story_topics__topic")
    )
    stories = {story.pk: story for story in found}
    return [story_object(site, stories[pk]) for pk in ids if pk in stories]


def story_object(site: Site, story: Story) -> dict[str, Any]:
    """Return one story as the site publishes it."""
    extras = story.extras if isinstance(story.extras, Mapping) else {}
    return {
        "path": story.path,
        "title": story.title,
        "excerpt": story.excerpt,
        **_addresses(story, extras),
        "featuredContent": story.featured_content if youtube_id(story.featured_content) else None,
        "highlight": extras.get("highlight"),
        "heat": story.heat,
        "tags": extras.get("tags"),
        "images": _images(site, (_image_values(image) for image in story.images.all())),
        "content": story.body,
        "type": story.kind or None,
        **_amp_addresses(story),
        "publishedDateTime": _instant(story.published_at),
        "updatedDateTime": extras.get("updated_at"),
        "provider": _provider(site, story),
        "locale": site.locale or None,
        "categories": [story.category] if story.category else [],
        "topics": [entry.name or entry.topic.name for entry in story.story_topics.all()] or None,
    }


def _addresses(story: Story, extras: Mapping[str, Any]) -> dict[str, str | None]:
    older = story.vocabulary == "source"
    source_url = story.web_url if older else extras.get("source_url", "")
    return {
        "sourceUrl": _link(source_url),
        "webUrl": None if older else _link(story.web_url),
        "originalUrl": _link(story.original_url),
    }


def _amp_addresses(story: Story) -> dict[str, str | None]:
    # The theme does not know the names of the older vocabulary (`ampUrl`, `cdnAmpUrl`).
    older = story.vocabulary == "source"
    return {
        "ampWebUrl": None if older else _link(story.amp_url),
        "cdnAmpWebUrl": None if older else _link(story.cdn_amp_url),
    }


def _link(url: object) -> str | None:
    """The address as the file has it, null if a reader's browser should not follow it."""
    return url if isinstance(url, str) and safe_href(url) else None


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _provider(site: Site, story: Story) -> dict[str, Any] | None:
    if not (story.provider_name or story.provider_domain):
        return None
    images = story.provider_images if isinstance(story.provider_images, list) else []
    return {
        "name": story.provider_name or None,
        "domain": story.provider_domain or None,
        "images": _images(site, images),
        "publishers": None,
        "authors": None,
    }


def _image_values(image: Any) -> dict[str, Any]:
    return {
        "url": image.url,
        "width": image.width,
        "height": image.height,
        "title": image.title,
        "attribution": image.attribution,
        "is_cached": image.is_cached,
    }


def _images(site: Site, images: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    found = []
    for image in images:
        url = _image_address(site, image.get("url") or "")
        if url is not None:
            found.append(
                {
                    "url": url,
                    "width": image.get("width"),
                    "height": image.get("height"),
                    "title": image.get("title"),
                    "attribution": image.get("attribution"),
                    "isCached": bool(image.get("is_cached")),
                }
            )
    return found or None


def _image_address(site: Site, url: str) -> str | None:
    """An address within the site (`/assets/...`) is completed with the site's own."""
    if url.startswith("/") and not url.startswith(("//", "/\\")):
        url = f"{site.url}{site.baseurl}{url}"
    return _link(url)


@dataclass
class BuildReport:
    """What `build_site` did: files written, already so, and removed; `stories` on the site."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    stories: int = 0


def build_site(site: Site, destination: Destination) -> BuildReport:
    """Write every page of every feed of a site below a folder, each file whole or not at all.

    A feed's last page is written first and its first page last, so that `nextPage` always leads
    to a page that is there. Pages beyond the last, left by a longer feed, are removed; nothing
    else is. Raises `DestinationError` and `OSError`.
    """
    report = BuildReport()
    for feed in feeds(site):
        _build_feed(feed, destination, report)
    return report


def _build_feed(feed: Feed, destination: Destination, report: BuildReport) -> None:
    last = 1
    for page in feed.pages():
        last = max(last, page["page"])
        report.stories += 0 if feed.topic else len(page["value"])
        _write(destination, f"{feed.folder}/page/{page['page']}/{INDEX}", page, report)
        if page["page"] == 1:
            _write(destination, f"{feed.folder}/{INDEX}", page, report)
    _remove_beyond(feed, last, destination, report)


def _write(destination: Destination, path: str, page: Page, report: BuildReport) -> None:
    if destination.write(path.encode(), encode(page)):
        report.written += 1
    else:
        report.unchanged += 1


def _remove_beyond(feed: Feed, last: int, destination: Destination, report: BuildReport) -> None:
    folder = f"{feed.folder}/page".encode()
    for name in destination.names(folder):
        if not _PAGE_FOLDER.fullmatch(name) or int(name) <= last:
            continue
        if INDEX.encode() in destination.names(folder + b"/" + name):
            destination.remove(b"/".join((folder, name, INDEX.encode())))
            report.removed += 1
