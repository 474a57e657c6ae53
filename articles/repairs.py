"""Broken promises of the data: what is checked, which stories fail, what one key does about it.

Every check is a question to an index; whoever wrote the story (import, desk) has left the answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Story, StoryProblem, StoryQuerySet, StoryTopic
from articles.pagination import Count, count_up_to
from articles.rules import Queue
from articles.storyfile.issues import BLOCKING_CODES
from articles.storyfile.reading import NONCHARACTERS

Stories = Callable[[StoryQuerySet], StoryQuerySet]

ASYMMETRIC, CONTROL = "asymmetric", "control"
OPEN_QUEUES = (Queue.INBOX, Queue.BELOW)
"""Where stories wait that nobody said no to."""

_LINE_ENDS_AND_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NONCHARACTER = re.compile(f"[{NONCHARACTERS}]")


@dataclass(frozen=True, slots=True)
class Check:
    """One promise. `fix` names the address that mends a story ("" where only a person can).

    `codes` are the issue codes whose sentences say what is wrong; `wrong` says it where there is
    no issue. `promise` says what the fix will do.
    """

    label: str | Promise
    stories: Stories
    wrong: str | Promise = ""
    codes: frozenset[str] = frozenset()
    fix: str = ""
    button: str | Promise = ""
    promise: str | Promise = ""


def _coded(*codes: str) -> Stories:
    found = StoryProblem.objects.filter(code__in=codes).values("story_id")
    return lambda stories: stories.filter(pk__in=found)


def _silent(stories: StoryQuerySet) -> StoryQuerySet:
    """Leads that the rule publishes, with nothing of their group live, and nobody's decision."""
    live = Story.objects.live().filter(coverage=OuterRef("coverage"))
    return _undecided(stories).filter(
        ~Exists(live),
        queue__in=[queue.value for queue in OPEN_QUEUES],
        is_lead__in=[True],
        published__in=[False],
        heat_rank__gte=F("site__publish_threshold"),
    )


def _several(stories: StoryQuerySet) -> StoryQuerySet:
    """Live members of a group whose lead is live too, unless a person wanted both."""
    leads = Story.objects.live().filter(coverage=OuterRef("coverage"), is_lead__in=[True])
    return _undecided(stories).filter(
        Exists(leads), coverage__isnull=False, published__in=[True], is_lead__in=[False]
    )


def _against_rule(stories: StoryQuerySet) -> StoryQuerySet:
    """Live leads that the rule would not publish, and nobody decided to."""
    return _undecided(stories).filter(
        published__in=[True], is_lead__in=[True], heat_rank__lt=F("site__publish_threshold")
    )


def _asymmetric(stories: StoryQuerySet) -> StoryQuerySet:
    """Stories whose links are not returned; the groups of the desk are written symmetrically."""
    others = stories.filter(Q(coverage=None) | Q(coverage__edited__in=[False]))
    return _coded("related.asymmetric")(others)


def _copies(stories: StoryQuerySet) -> StoryQuerySet:
    return stories.filter(coverage__copies_differ__gt=0, is_lead__in=[True])


def _undecided(stories: StoryQuerySet) -> StoryQuerySet:
    return stories.with_file().filter(decision="", removed__in=[False], missing_since=None)


def _missing(stories: StoryQuerySet) -> StoryQuerySet:
    """Leads of the open queues without provider, topic or excerpt."""
    open_ones = stories.with_file().filter(
        queue__in=[*(queue.value for queue in OPEN_QUEUES), Queue.PUBLISHED.value]
    )
    return open_ones.filter(
        Q(provider_name="")
        | Q(excerpt="")
        | ~Exists(StoryTopic.objects.filter(story=OuterRef("pk")))
    )


UNSAFE = frozenset({"url.unsafe", "url.credentials", "url.private_host", "url.confusable"})
CONTROLS = frozenset({"text.control", "text.bidi_control", "text.invisible"})
TYPES = frozenset(
    {code for code in BLOCKING_CODES if code.endswith(".type")}
    | {"title.type", "text.type", "topics.type", "provider.type", "related.type", "date.invalid"}
)

CHECKS: Mapping[str, Check] = {
    "silent": Check(
        _("Nothing live"), _silent,
        wrong=_("The rule publishes this group, and nothing of it is live."),
        fix="story_publish", button=_("Publish"), promise=_("The lead goes live."),
    ),
    "several": Check(
        _("Several live"), _several,
        wrong=_("The site shows this story beside the lead of its group."),
        fix="story_unpublish", button=_("Unpublish"),
        promise=_("This story leaves the site, the lead stays."),
    ),
    "rule": Check(
        _("Against the rule"), _against_rule,
        wrong=_("The story is live below the line, and nobody decided so."),
        fix="story_unpublish", button=_("Unpublish"), promise=_("The story leaves the site."),
    ),
    ASYMMETRIC: Check(
        _("One-way links"), _asymmetric, codes=frozenset({"related.asymmetric"}),
        fix="story_repair", button=_("Link both ways"),
        promise=_("The files of the whole group list each other; the group is the desk's."),
    ),
    "copies": Check(
        _("Old copies"), _copies,
        wrong=_("A file of the group describes a story with old values."),
    ),
    "duplicate": Check(
        _("Same address twice"), _coded("story.duplicate_url"),
        codes=frozenset({"story.duplicate_url"}), fix="story_remove", button=_("Remove"),
        promise=_("This one of the two is marked as removed and leaves the site."),
    ),
    CONTROL: Check(
        _("Invisible characters"), _coded(*CONTROLS), codes=CONTROLS,
        fix="story_repair", button=_("Take them out"),
        promise=_("Headline and excerpt are written without them, on one line."),
    ),
    "unsafe": Check(
        _("Unsafe addresses"), _coded(*UNSAFE), codes=UNSAFE,
        fix="story_remove", button=_("Remove"),
        promise=_("The story is marked as removed and leaves the site."),
    ),
    "secured": Check(
        _("Damaged secured"), _coded("secured.malformed"), codes=frozenset({"secured.malformed"}),
    ),
    "types": Check(_("Wrong types"), _coded(*TYPES), codes=TYPES),
    "missing": Check(
        _("Something missing"), _missing,
        wrong=_("The story has no provider, no topic or no excerpt."),
    ),
}  # fmt: skip
"""Every check of the queue, the gravest for readers first."""


def counts(site_id: int | None = None) -> dict[str, Count]:
    """How many stories fail each check, capped."""
    return {name: count_up_to(stories_of(check, site_id)) for name, check in CHECKS.items()}


def stories_of(check: Check, site_id: int | None = None) -> StoryQuerySet:
    """The stories that fail a check, of one site or all."""
    stories: StoryQuerySet = Story.objects.all()
    return check.stories(stories if site_id is None else stories.of_site(site_id))


def sentences(check: Check, story_ids: list[int]) -> dict[int, str]:
    """What is wrong with stories, by their ids; nothing where the check itself says it."""
    if not check.codes:
        return {}
    rows = StoryProblem.objects.filter(story_id__in=story_ids, code__in=check.codes)
    return dict(rows.order_by("-id").values_list("story_id", "message"))


def as_seen(text: str) -> str:
    """A text on one line, without characters that nobody sees."""
    spaced = _LINE_ENDS_AND_CONTROLS.sub(" ", text)
    return " ".join("".join(filter(_is_seen, spaced)).split())


def _is_seen(character: str) -> bool:
    if _NONCHARACTER.match(character):
        return False
    return character == "\u200d" or unicodedata.category(character) != "Cf"
