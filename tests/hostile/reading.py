"""Every place where somebody reads a story: pages, feeds, tables; opened as their readers do."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import desk
from articles.models import Change, Coverage, Preferences, Provider, Site, Story, SyncRun, Topic

NOUNS = ("story", "provider", "topic", "coverage", "change", "syncrun", "site")
_NEXT = re.compile(r'<a[^>]*href="([^"]*)"[^>]*rel="next"|<a[^>]*rel="next"[^>]*href="([^"]*)"')


class ReadingError(AssertionError):
    """A page could not be opened."""


class Chief:
    """Looks at everything, with pictures of stories switched on."""

    def __init__(self, user: User, time_zone: str = "UTC") -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)
        Preferences.objects.update_or_create(
            user=user, defaults={"load_images": True, "time_zone": time_zone}
        )

    def open(self, address: str, status: int = 200) -> str:
        """The page at an address."""
        response = self.client.get(address)
        if response.status_code != status:
            raise ReadingError(f"{address}: {response.status_code}, not {status}")
        content: bytes = response.getvalue()
        return content.decode()

    def leaf(self, address: str) -> Iterator[str]:
        """A list from its first page to its last."""
        while address:
            html = self.open(address)
            yield html
            found = _NEXT.search(html)
            link = (found[1] or found[2]).replace("&amp;", "&") if found else ""
            address = address.partition("?")[0] + link if link.startswith("?") else link

    def decide_on_everything(self) -> None:
        """Give each file's story a history, and publish what may be published."""
        for verb in (desk.decline, desk.publish):
            for story in Story.objects.exclude(path=None):
                with suppress(desk.DeskError):
                    verb(story, by=self.user, reason=story.title[:200])

    def glances_at(self, story: Story) -> Iterator[str]:
        """The two pages on which a story is read."""
        yield self.open(reverse("articles:story_detail", args=[story.pk]))
        yield self.open(reverse("articles:story_preview", args=[story.pk]))

    def pages_of(self, story: Story, *, thorough: bool = True) -> Iterator[str]:
        """The pages about one story; if not `thorough`, without its traces on other pages."""
        pk = story.pk
        yield from self.glances_at(story)
        can_edit = story.has_file and not story.locked
        yield self.open(reverse("articles:story_edit", args=[pk]), 200 if can_edit else 404)
        yield self.open(reverse("articles:story_file", args=[pk]))
        for name in ("title", "topics") if can_edit else ():
            yield self.open(reverse("articles:story_field", args=[pk, name]))
        yield self.open(reverse("admin:articles_story_change", args=[pk]))
        if not thorough:
            return
        yield self.open(reverse("admin:articles_story_history", args=[pk]))
        other = Story.objects.exclude(pk=pk).exclude(coverage=story.coverage_id or 0).first()
        if other:
            query = urlencode({"q": story.title[:200]})
            yield self.open(f"{reverse('articles:story_link', args=[other.pk])}?{query}")

    def shared_pages(self) -> Iterator[str]:
        """The pages that show many stories."""
        for name in ("home", "story_list", "coverage_list", "change_list", "run_list"):
            yield from self.leaf(reverse(f"articles:{name}"))
        for group in Coverage.objects.all():
            yield self.open(reverse("articles:coverage_detail", args=[group.pk]))
        for run in SyncRun.objects.all():
            yield from self.leaf(reverse("articles:run_detail", args=[run.pk]))
        for noun in NOUNS:
            for number in range(1, 7):
                address = reverse(f"admin:articles_{noun}_changelist")
                response = self.client.get(address, {"p": number})
                if response.status_code == 200:
                    yield response.getvalue().decode()
        for model in (Topic, Provider, Coverage, Change, SyncRun):
            name = f"admin:articles_{model._meta.model_name}_change"
            for pk in model._default_manager.values_list("pk", flat=True)[:30]:
                yield self.open(reverse(name, args=[pk]))

    def table(self) -> dict[int, str]:
        """The headline's cell of every story, as a spreadsheet gets it."""
        csv.field_size_limit(10**6)
        cells = {}
        for stories in ("?lead=yes", "?lead=no"):
            address = reverse("articles:story_export", args=["csv"]) + stories
            text = self.open(address).removeprefix("\ufeff")
            rows = csv.DictReader(io.StringIO(text, newline=""))
            cells |= {int(row["id"]): row["headline"] for row in rows}
        return cells


class _Suspicions(HTMLParser):
    """What a browser would run, send elsewhere or load in secret, if it stood on a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag}>"] if tag in FORBIDDEN_TAGS else []
        for name, value in attrs:
            address = (value or "").strip()
            is_odd = name in ADDRESSES and not GOOD_ADDRESS.match(address)
            if name.startswith("on") or name in FORBIDDEN_ATTRIBUTES or is_odd:
                self.found.append(f"<{tag} {name}={address[:80]!r}>")
            if name == "src" and not address.startswith(SOURCES.get(tag, ("",))):
                self.found.append(f"<{tag} src={address[:80]!r}>")


FORBIDDEN_TAGS = frozenset({"base", "object", "embed", "style", "math", "portal"})
FORBIDDEN_ATTRIBUTES = frozenset({"style", "srcdoc", "http-equiv", "ping"})
ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "xlink:href", "srcset"})
GOOD_ADDRESS = re.compile(r"(?:https?://|/(?!/)|[?#]|\.?$|data:image/svg)")
SOURCES: Mapping[str, tuple[str, ...]] = {
    "script": ("/static/", "/admin/jsi18n/"),
    "iframe": ("https://www.youtube-nocookie.com/embed/",),
    "img": ("https://", "/static/", "data:image/svg"),
}


def suspicions(html: str) -> list[str]:
    """What is on a page that the desk never puts on one."""
    looker = _Suspicions()
    looker.feed(html)
    return looker.found


def feed_of(client: Client, site: Site) -> Iterator[tuple[str, dict[str, Any]]]:
    """The public JSON of a site, text and value, page by page."""
    for number in range(1, 1000):
        address = reverse("articles:site_index_json", args=[site.slug, number])
        response = client.get(address)
        if response.status_code == 404:
            return
        assert response["Content-Type"] == "application/json; charset=utf-8"
        assert response["X-Content-Type-Options"] == "nosniff"
        yield response.content.decode(), json.loads(response.content)
