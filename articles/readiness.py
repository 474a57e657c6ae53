"""What a story should have before it is published: the checklist of its page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from articles.labels import IN_FILE
from articles.models import Story, StoryImage, StoryProblem, Topic
from articles.storyfile.issues import BLOCKING_CODES
from articles.weburl import registrable_domain, safe_href, url_problem

State = Literal["ok", "warn", "blocking"]

FEWEST_WORDS = 4
"""A headline of fewer words seldom says what happened."""

LONG_EXCERPT = 600
"""Characters; a longer excerpt is an article."""

CODES = {
    "image": ("image.", "images."),
    "excerpt": ("excerpt.",),
    "topics": ("topics.",),
    "headline": ("title.",),
    "links": ("url.",),
    "provider": ("provider.",),
}
"""The issues of a file that belong to a line of the checklist, by how their codes begin."""

_ADDRESSES = ("web_url", "original_url", "amp_url", "cdn_amp_url")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist. `field` is where it is repaired, empty where only the file can."""

    name: str
    label: str
    state: State
    words: str
    field: str = ""


def checklist(
    story: Story,
    *,
    topics: Sequence[Topic],
    images: Sequence[StoryImage],
    problems: Iterable[StoryProblem],
) -> list[Check]:
    """Image, excerpt, topics, headline, links, provider, and whatever else blocks publishing."""
    found = list(problems)
    lines = [
        _check("image", _("Picture"), _image(images), found, "images"),
        _check("excerpt", IN_FILE["excerpt"], _excerpt(story), found, "excerpt"),
        _check("topics", IN_FILE["topics"], _topics(topics), found, "topics"),
        _check("headline", IN_FILE["title"], _headline(story), found, "title"),
        _check("links", _("Links"), _links(story), found, _unsafe(story) or "web_url"),
        _check("provider", IN_FILE["provider"], _provider(story), found, ""),
    ]
    return [*lines, *_rest(found)]


def worst(checks: Collection[Check]) -> State:
    """The state of the whole checklist."""
    states = {check.state for check in checks}
    return "blocking" if "blocking" in states else "warn" if "warn" in states else "ok"


Finding = tuple[State, str]


def _check(
    name: str, label: str, finding: Finding, problems: Iterable[StoryProblem], field: str
) -> Check:
    """A line; an issue of the file that belongs to it is said first."""
    own = [p for p in problems if p.code.startswith(CODES[name])]
    blocking = [p for p in own if p.code in BLOCKING_CODES]
    if blocking:
        finding = ("blocking", blocking[0].message)
    elif own and finding[0] == "ok":
        finding = ("warn", own[0].message)
    return Check(name, label, *finding, field)


def _image(images: Sequence[StoryImage]) -> Finding:
    if not images:
        return "warn", _("No picture: the site shows the provider's.")
    if not any(image.width and image.height for image in images):
        return "warn", _("No picture says how wide and high it is.")
    largest = max(images, key=lambda image: (image.width or 0) * (image.height or 0))
    return "ok", f"{largest.width} × {largest.height}"


def _excerpt(story: Story) -> Finding:
    text = story.excerpt.strip()
    if not text:
        return "warn", _("No excerpt: readers see the headline alone.")
    if text == story.title.strip():
        return "warn", _("It only repeats the headline.")
    if len(text) > LONG_EXCERPT:
        return "warn", _("%d characters: a few sentences are enough.") % len(text)
    return "ok", _("%d characters") % len(text)


def _topics(topics: Sequence[Topic]) -> Finding:
    if not topics:
        return "warn", _("No topic: the story stands on the front page only.")
    return "ok", ", ".join(topic.name for topic in topics)


def _headline(story: Story) -> Finding:
    title = story.title.strip()
    if not title:
        return "blocking", _("A story needs a headline.")
    if len(title.split()) < FEWEST_WORDS and not _is_unspaced(title):
        return "warn", _("Too short to say what happened.")
    if title.isupper():
        return "warn", _("It is all in capitals.")
    if title.endswith(("…", "...")):
        return "warn", _("It was cut off.")
    return "ok", _("Specific enough")


def _is_unspaced(title: str) -> bool:
    """Whether a headline is in a script that puts no spaces between words."""
    return any("\u0e00" <= char <= "\u0eff" or "\u3040" <= char <= "\u9fff" for char in title)


def _links(story: Story) -> Finding:
    unsafe = _unsafe(story)
    if unsafe:
        return "blocking", _("The address of “%s” is not safe to open.") % IN_FILE[unsafe]
    if not story.url:
        return "blocking", _("A story needs the address of its article.")
    return "ok", _("All addresses are safe to open")


def _unsafe(story: Story) -> str:
    """The first address that must not become a link, empty if there is none."""
    filled = ((name, getattr(story, name)) for name in _ADDRESSES)
    return next((name for name, url in filled if url and url_problem(url)), "")


def _provider(story: Story) -> Finding:
    if not story.provider_id:
        return "warn", _("Nobody is named: add it in the file.")
    name = story.provider_name or str(story.provider)
    if (domain := _domain_of_article(story)) and not _is_of(domain, story.provider_domain):
        return "warn", _("%(name)s, but the article is at %(domain)s.") % {
            "name": name,
            "domain": domain,
        }
    return "ok", name


def _domain_of_article(story: Story) -> str:
    """The domain that an article's address belongs to, empty where there is nothing to say of it:
    it is unsafe, or a video stands where videos are shown.
    """
    if story.kind == Story.Kind.VIDEO:
        return ""
    host = urlsplit(safe_href(story.url) or "").hostname
    return registrable_domain(host) if host else ""


def _is_of(domain: str, provider: str) -> bool:
    """Whether a provider's domain is that of its article, as in all but a few real stories."""
    return not provider or registrable_domain(provider) == domain


def _rest(problems: Iterable[StoryProblem]) -> list[Check]:
    """Issues that block and belong to no line above."""
    known = tuple(prefix for prefixes in CODES.values() for prefix in prefixes)
    return [
        Check("data", _("Data"), "blocking", problem.message)
        for problem in problems
        if problem.code in BLOCKING_CODES and not problem.code.startswith(known)
    ]
