"""Word counts: exact at any moment, whoever writes the story."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import word_counts
from articles.importer import import_repository
from articles.models import Story, UncountedText, WordCount
from articles.repository import open_repository
from articles.textmatch import terms
from articles.word_counts import STORIES, rarity
from tests.factories import make_site, make_story
from tests.laws import tried

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).resolve().parents[1] / "articles" / "demo"


def recount(site_id: int) -> Counter[str]:
    """The counts as the stories give them now."""
    found: Counter[str] = Counter()
    for title, excerpt in Story.objects.filter(site=site_id).values_list("title", "excerpt"):
        found.update((STORIES, *terms(title, excerpt)))
    return found


def known(site_id: int) -> Counter[str]:
    """The counts as suggestions read them."""
    wanted = {*recount(site_id), "ferri", "boat", "harbour", "yacht"}
    found = rarity(site_id, wanted)
    return +Counter({**found.counts, STORIES: found.stories})


def test_an_import_leaves_nothing_uncounted() -> None:
    import_repository(open_repository(str(DEMO)))
    site = Story.objects.values_list("site", flat=True)[0]
    assert not UncountedText.objects.exists()
    stored = WordCount.objects.filter(site_id=site).values_list("word", "stories")
    assert Counter(dict(stored)) == recount(site) != Counter()


words = st.sampled_from(["Ferry", "boats", "boat harbour", "Yacht at the harbour", ""])
steps = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "delete", "settle"]), words, words), max_size=8
)


@given(steps)
@tried(25)
def test_the_counts_are_those_of_the_stories_after_any_writes(
    steps: list[tuple[str, str, str]],
) -> None:
    site = make_site()
    Story.objects.all().delete()
    for step, title, excerpt in steps:
        first = Story.objects.order_by("id").first()
        if step == "add":
            make_story(site, title=title, excerpt=excerpt)
        elif step == "settle":
            word_counts.settle()
        elif first is not None and step == "edit":
            Story.objects.filter(pk=first.pk).update(title=title, excerpt=excerpt)
        elif first is not None:
            first.delete()
        assert known(site.pk) == recount(site.pk)


def test_the_words_of_two_sites_are_counted_apart() -> None:
    make_story(make_site("one"), title="Ferry", excerpt="")
    other = make_site("two")
    make_story(other, title="Boat", excerpt="")
    assert rarity(other.pk, ["ferri", "boat"]).counts == {"boat": 1}


def test_many_uncounted_texts_are_added_up_by_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_counts, "MANY", 2)
    site = make_site()
    for _ in range(3):
        make_story(site, title="Ferry", excerpt="")
    assert rarity(site.pk, ["ferri"]).counts["ferri"] == 3
    assert not UncountedText.objects.exists()
