from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from articles import desk
from articles.models import Change, Coverage, Story, Verb
from articles.rules import Queue
from tests.desk.dumps import dump, fresh
from tests.factories import make_coverage, make_site, make_story, make_story_without_file

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_groups_two_single_stories_under_the_better_one(publisher: User) -> None:
    a, b = make_story(quality=60), make_story(quality=65)
    change = desk.link(a, [b], by=publisher)
    assert change is not None
    assert (change.story, change.verb) == (a, Verb.LINK)
    group = Coverage.objects.get()
    assert (group.lead, group.member_count, group.edited, group.edited_by) == (
        b,
        2,
        True,
        publisher,
    )
    assert (group.first_at, group.last_at) == (b.published_at, a.published_at)
    lead, other = fresh(b), fresh(a)
    assert (lead.heat, lead.published, lead.is_lead, lead.related_count) == (85, True, True, 1)
    assert (other.heat, other.published, other.is_lead) == (-1, False, False)
    assert other.queue == Queue.SUPERSEDED
    assert lead.edited_fields == ["heat", "published", "related"]
    assert other.edited_fields == ["heat", "related"]
    assert (lead.pending, other.pending) == (True, True)


def test_lets_a_story_lead_whose_file_is_there(publisher: User) -> None:
    gone, a, b = (make_story(quality=q, missing_since=NOW) for q in (90, 80, 60))
    Story.objects.filter(pk__in=[a.pk, b.pk]).update(missing_since=None)
    desk.link(fresh(gone), [fresh(b)], by=publisher)
    assert (Coverage.objects.get().lead, fresh(b).heat, fresh(b).published) == (b, 80, True)
    desk.link(fresh(a), [fresh(b)], by=publisher)
    assert (Coverage.objects.get().lead, fresh(a).published) == (a, True)
    other = make_story(quality=95, missing_since=NOW)
    desk.unlink(fresh(gone), by=publisher)
    desk.link(fresh(gone), [other], by=publisher)
    assert (fresh(other).is_lead, fresh(gone).is_lead) == (True, False)


def test_does_nothing_the_second_time(publisher: User) -> None:
    a, b = make_story(), make_story()
    desk.link(a, [b], by=publisher)
    before, count = dump(), Change.objects.count()
    assert desk.link(a, [b], by=publisher) is None
    assert desk.link(b, [a], by=publisher) is None
    assert desk.link(a, [], by=publisher) is None
    assert desk.link(a, [a], by=publisher) is None
    assert (dump(), Change.objects.count()) == (before, count)


def test_merges_whole_groups_and_dissolves_the_emptied_one(publisher: User) -> None:
    a, b, c, d = (make_story(quality=q) for q in (70, 60, 80, 55))
    make_coverage(a, b)
    make_coverage(c, d)
    desk.link(a, [c], by=publisher)
    group = Coverage.objects.get()
    assert (group.member_count, group.lead) == (4, c)
    assert {s.coverage for s in Story.objects.all()} == {group}
    assert fresh(c).heat == 80 + 3 * 20
    assert (fresh(a).heat, fresh(a).published) == (-1, False)


def test_takes_a_story_without_file_in(publisher: User) -> None:
    a, b = make_story(quality=60), make_story_without_file(quality=50)
    desk.link(a, [b], by=publisher)
    assert fresh(a).heat == 80
    now = fresh(b)
    assert (now.heat, now.pending, now.edited_fields) == (None, False, [])
    assert (now.coverage, now.is_lead) == (fresh(a).coverage, False)


def test_counts_one_story_per_address(publisher: User) -> None:
    a, b = make_story(quality=60), make_story(quality=50)
    twin = make_story(quality=50, web_url=b.web_url)
    desk.link(a, [b, twin], by=publisher)
    assert (fresh(a).heat, fresh(a).related_count) == (80, 1)
    assert fresh(b).related_count == 1


def test_never_undoes_a_persons_decision(publisher: User) -> None:
    declined, kept = make_story(quality=65), make_story(quality=55)
    desk.decline(declined, by=publisher)
    desk.publish(kept, by=publisher)
    desk.link(declined, [kept], by=publisher)
    assert (fresh(declined).heat, fresh(declined).published) == (85, False)
    assert (fresh(kept).heat, fresh(kept).published) == (-1, True)


def test_leaves_published_to_a_publisher_where_an_editor_links(editor: User) -> None:
    lead, other = make_story(quality=90), make_story(quality=75)
    desk.link(lead, [other, make_story(quality=60)], by=editor)
    now = fresh(other)
    assert (now.heat, now.published, now.proposal) == (-1, True, "unpublish")
    assert (fresh(lead).published, fresh(lead).proposal) == (True, "")


def test_proposes_to_publish_what_the_rule_would(editor: User) -> None:
    a, b = make_story(quality=60), make_story(quality=50)
    desk.link(a, [b], by=editor)
    assert (fresh(a).published, fresh(a).proposal) == (False, "publish")


def test_does_not_publish_a_blocked_lead(publisher: User) -> None:
    a, b = make_story(quality=60, publish_gate="blocked"), make_story(quality=50)
    desk.link(a, [b], by=publisher)
    assert (fresh(a).heat, fresh(a).published) == (80, False)


def test_keeps_a_lead_that_a_person_chose(publisher: User) -> None:
    a, b, better = make_story(quality=60), make_story(quality=50), make_story(quality=99)
    desk.link(a, [b], by=publisher)
    desk.choose_lead(fresh(b), by=publisher)
    desk.link(a, [better], by=publisher)
    assert Coverage.objects.get().lead == b
    assert fresh(b).heat == 50 + 2 * 20
    assert fresh(better).heat == -1


def test_keeps_the_chosen_lead_of_a_group_that_is_merged_in(publisher: User) -> None:
    a, b = make_story(quality=60), make_story(quality=50)
    make_coverage(a, b)
    desk.choose_lead(b, by=publisher)
    desk.link(make_story(quality=99), [b], by=publisher)
    assert Coverage.objects.get().lead == b


def test_never_joins_two_sites(publisher: User) -> None:
    a, b = make_story(), make_story(make_site("airport"))
    with pytest.raises(desk.Blocked, match="two sites"):
        desk.link(a, [b], by=publisher)
    assert not Coverage.objects.exists()


def test_refuses_a_locked_story(publisher: User) -> None:
    with pytest.raises(desk.Blocked, match="locked"):
        desk.link(make_story(), [make_story(locked=True)], by=publisher)


def test_leaves_the_file_of_a_locked_fellow_alone(publisher: User) -> None:
    a, b = make_story(quality=80), make_story()
    make_coverage(a, b)
    Story.objects.filter(pk=b.pk).update(locked=True)
    desk.link(a, [make_story()], by=publisher)
    assert (fresh(b).pending, fresh(b).edited_fields) == (False, [])
    assert fresh(b).related_count == 2


def test_follows_the_sites_own_numbers(publisher: User) -> None:
    site = make_site("airport", related_weight=10, publish_threshold=69)
    a, b = make_story(site, quality=59), make_story(site, quality=10)
    desk.link(a, [b], by=publisher)
    assert (fresh(a).heat, fresh(a).published) == (69, True)


def test_refuses_a_stale_version(publisher: User) -> None:
    a, b = make_story(), make_story()
    desk.decline(fresh(a), by=publisher)
    with pytest.raises(desk.Stale):
        desk.link(a, [b], by=publisher, version=1)
    assert not Coverage.objects.exists()


def test_tells_of_a_story_that_is_not_there(publisher: User) -> None:
    a, b = make_story(), make_story()
    Story.objects.filter(pk=b.pk).delete()
    with pytest.raises(Story.DoesNotExist):
        desk.link(a, [b], by=publisher)


def test_is_not_the_readers_right(reader: User) -> None:
    with pytest.raises(PermissionDenied):
        desk.link(make_story(), [make_story()], by=reader)


def test_logs_all_stories_and_the_group_as_one_batch(publisher: User) -> None:
    a, b, c = make_story(), make_story(), make_story()
    make_coverage(a, b)
    change = desk.link(c, [a], by=publisher)
    assert change is not None
    changes = Change.objects.filter(batch=change.batch)
    assert {row.story_id for row in changes} == {a.pk, b.pk, c.pk, None}
    assert {row.coverage_id_then for row in changes} == {Coverage.objects.get().pk}


def test_costs_the_same_for_any_number_of_members(
    publisher: User, django_assert_max_num_queries: object
) -> None:
    big = [make_story(quality=q) for q in range(40, 60)]
    make_coverage(big[-1], *big[:-1])
    story = make_story(quality=80)
    publisher.get_all_permissions()
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        desk.link(story, [big[0]], by=publisher)
    assert fresh(story).heat == 80 + 20 * 20
