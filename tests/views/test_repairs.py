from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import judging, repairs
from articles.models import Coverage, Story, StoryProblem
from tests.factories import make_coverage, make_site, make_story, write_file

pytestmark = pytest.mark.django_db


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def failing(check: str) -> list[Story]:
    return list(repairs.stories_of(repairs.CHECKS[check]).order_by("pk"))


def doubt(story: Story, code: str) -> Story:
    StoryProblem.objects.create(story=story, code=code, message="Something is odd.")
    Story.objects.filter(pk=story.pk).update(issue_count=1)
    return story


def test_finds_groups_of_which_nothing_is_live_although_the_rule_publishes() -> None:
    silent = make_story(quality=80, heat=80, published=False)
    lead, other = make_story(quality=80), make_story()
    make_coverage(lead, other)
    Story.objects.filter(pk=lead.pk).update(published=False)
    live, beside = make_story(quality=80), make_story()
    make_coverage(live, beside)
    Story.objects.filter(pk=live.pk).update(published=False)
    Story.objects.filter(pk=beside.pk).update(published=True)
    make_story(quality=80, heat=80, published=False, decision="unpublished")
    assert failing("silent") == [silent, lead]


def test_finds_a_second_live_story_and_a_live_one_below_the_line() -> None:
    lead, other = make_story(quality=80), make_story(quality=60)
    make_coverage(lead, other)
    Story.objects.filter(pk=other.pk).update(published=True)
    below = make_story(quality=50, heat=50, published=True)
    make_story(quality=50, heat=50, published=True, decision="published")
    assert failing("several") == [other]
    assert failing("rule") == [below]


def test_finds_what_the_import_doubted_once() -> None:
    for check, code in (
        ("duplicate", "story.duplicate_url"),
        ("control", "text.control"),
        ("unsafe", "url.unsafe"),
        ("secured", "secured.malformed"),
        ("types", "quality.type"),
    ):
        story = doubt(make_story(topics=["Ferries"]), code)
        doubt(story, code)
        assert failing(check) == [story]


def test_finds_what_is_missing() -> None:
    complete = make_story(topics=["Ferries"])
    without = [make_story(), make_story(topics=["Ferries"], excerpt="")]
    assert complete not in failing("missing")
    assert failing("missing") == without


def test_finds_groups_whose_files_hold_old_copies() -> None:
    lead, other = make_story(quality=80), make_story()
    group = make_coverage(lead, other)
    judging.judge_stale()
    assert failing("copies") == []
    Story.objects.filter(pk=other.pk).update(title="Another headline")
    Coverage.objects.update(judged_version=0)
    judging.judge_stale()
    group.refresh_from_db()
    assert (failing("copies"), group.copies_differ) == ([lead], 1)


def test_links_both_ways_with_one_key(as_publisher: Client) -> None:
    lead, other = make_story(quality=80), make_story()
    make_coverage(lead, other)
    alone = fresh(other)
    alone.coverage_id = None
    write_file(alone)
    doubt(other, "related.asymmetric")
    assert failing("asymmetric") == [other]
    as_publisher.post(f"/stories/{other.pk}/repair/", {"check": "asymmetric"})
    assert failing("asymmetric") == []
    assert (fresh(other).pending, fresh(lead).pending) == (True, False)


def test_takes_invisible_characters_out_with_one_key(as_editor: Client) -> None:
    story = make_story(title="Ferry\tsails \u202eagain\U0001ffff", excerpt="One\ntwo")
    as_editor.post(f"/stories/{story.pk}/repair/", {"check": "control"})
    assert (fresh(story).title, fresh(story).excerpt) == ("Ferry sails again", "One two")
    answer = as_editor.post(f"/stories/{story.pk}/repair/", {"check": "control"}, follow=True)
    assert "nothing to mend" in answer.content.decode()


def test_shows_each_check_with_its_count_and_what_the_fix_will_do(as_publisher: Client) -> None:
    story = make_story(quality=80, heat=80, published=False)
    response = as_publisher.get("/repair/")
    content = response.content.decode()
    assert "The lead goes live." in content
    assert f"/stories/{story.pk}/publish/" in content
    assert str(response.context["checks"][0]["count"]) == "1"
    assert as_publisher.get("/repair/?check=nothing").status_code == 404
    other = make_site("valley")
    assert not as_publisher.get(f"/repair/?check=silent&site={other.slug}").context["rows"]


def test_offers_a_reader_no_fix(as_reader: Client) -> None:
    story = make_story(quality=80, heat=80, published=False)
    assert f"/stories/{story.pk}/publish/" not in as_reader.get("/repair/").content.decode()


def test_asks_as_often_for_many_rows_as_for_few(as_publisher: Client) -> None:
    counts = []
    for number in (10, 30):
        for _ in range(number):
            make_story(quality=80, heat=80, published=False)
        with CaptureQueriesContext(connection) as queries:
            as_publisher.get("/repair/?check=silent")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_ranks_suspicious_groups_by_what_they_hide(as_reader: Client) -> None:
    groups = [make_coverage(make_story(), make_story()) for _ in range(3)]
    for group, suspicion in zip(groups, (0, 120, 320), strict=True):
        values = {"suspicion": suspicion, "signals": "span gap", "hidden_count": 2}
        Coverage.objects.filter(pk=group.pk).update(**values)
    response = as_reader.get("/coverage/?sort=suspicious")
    found = [group.pk for group, _doubts in response.context["rows"]]
    assert found == [groups[2].pk, groups[1].pk]
    assert "long span, gaps" in response.content.decode()
