"""The nouns: what the database guarantees whoever writes, and how the desk asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from articles.models import (
    Change,
    Coverage,
    Preferences,
    Provider,
    Site,
    Story,
    StoryFile,
    StoryImage,
    StoryProblem,
    StoryTopic,
    SyncRun,
    TextBlock,
    Topic,
    Verb,
    topic_key,
    validate_time_zone,
)
from articles.models.story_file import block_texts, pack_ids, unpack_ids
from articles.rules import HeatRule, Queue
from articles.storyfile.digest import digest_of
from tests.factories import (
    make_coverage,
    make_provider,
    make_site,
    make_story,
    make_story_without_file,
    make_topic,
    make_video,
)

pytestmark = pytest.mark.django_db


def refused(**fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_story(**fields)


def test_keeps_one_story_per_file_and_site() -> None:
    story = make_story()
    refused(path=story.path)
    assert make_story(make_site("airport"), path=story.path)


def test_keeps_one_story_without_file_per_address() -> None:
    story = make_story_without_file()
    refused(path=None, web_url=story.web_url)
    assert make_story(web_url=story.web_url)
    assert make_story_without_file(make_site("airport"), web_url=story.web_url)


def test_keeps_one_provider_per_domain_and_one_per_name_without() -> None:
    make_provider("herald.example")
    Provider.objects.create(name="Radio")
    for again in ({"name": "X", "domain": "herald.example"}, {"name": "Radio"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Provider.objects.create(**again)


def test_knows_a_topic_whatever_its_case_or_unicode_form() -> None:
    assert topic_key("Café") == topic_key("CAFE\u0301") == topic_key(" café ")
    assert topic_key("Cafe") != topic_key("Café")
    make_topic(name="Café")
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(site=make_site(), name="café")


def test_sorts_unknown_dates_and_numbers_last() -> None:
    known = make_story(quality=1, heat=-1)
    unknown = make_story(published_at=None, quality=None, heat=None)
    assert unknown.listed_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert known.listed_at == known.published_at
    assert list(Story.objects.newest_first()) == [known, unknown]
    assert list(Story.objects.order_by("-heat_rank")) == [known, unknown]
    assert list(Story.objects.order_by("-quality_rank")) == [known, unknown]


def test_keeps_the_topics_columns_in_step_whoever_writes() -> None:
    story = make_story(topics=["Ferries", "Ports"])
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    Story.objects.filter(pk=story.pk).update(published=True, queue=3, published_at=moment)
    rows = StoryTopic.objects.values_list("published", "queue", "listed_at")
    assert set(rows) == {(True, 3, moment)}
    Story.objects.filter(pk=story.pk).update(published_at=None)
    assert StoryTopic.objects.filter(listed_at__year=1970).count() == 2


def test_asks_in_the_words_of_the_newsroom() -> None:
    live, waiting, without = make_story(quality=90), make_story(), make_story_without_file()
    foreign = make_story(make_site("airport"), domain="times.example", pending=True)
    stories = Story.objects.order_by("pk")
    assert list(stories.live()) == [live]
    assert list(stories.not_live()) == [waiting, without, foreign]
    assert list(stories.with_file()) == [live, waiting, foreign]
    assert list(stories.of_site(foreign.site_id)) == [foreign]
    assert list(stories.needing_export()) == [foreign]
    assert list(stories.in_queue(Queue.INBOX)) == [live, waiting, without, foreign]
    assert not stories.in_conflict().exists()
    assert not stories.with_problems().exists()


def test_lists_stories_without_any_heavy_column() -> None:
    make_story()
    rows = list(Story.objects.for_list())
    assert rows[0]["title"]
    heavy = {"excerpt", "body", "extras", "featured_content", "provider_images"}
    assert not heavy & rows[0].keys()


def test_serves_its_lists_from_indexes() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the planner of PostgreSQL looks at the size of the table")
    for rows in (
        Story.objects.live().newest_first(),
        Story.objects.in_queue(Queue.INBOX).newest_first(),
        Story.objects.of_site(1).newest_first(),
    ):
        assert "TEMP B-TREE" not in rows.values("pk").explain()


def test_knows_a_storys_address_file_and_state() -> None:
    video, story = make_video(), make_story(heat=-1)
    assert video.url == video.original_url
    assert story.url == story.web_url
    assert story.has_file
    assert not make_story_without_file().has_file
    assert story.is_superseded


def test_reads_a_sites_rule() -> None:
    site = make_site(related_weight=10, quality_floor=40, publish_threshold=69)
    assert site.rule == HeatRule(10, 40, 69)


def test_appends_to_the_log_and_never_changes_it() -> None:
    story = make_story()
    change = Change.objects.create(
        actor_name="import", verb=Verb.IMPORTED, site=story.site, story=story
    )
    for spoil in (
        change.save,
        change.delete,
        Change.objects.all().delete,
        lambda: Change.objects.update(reason="x"),
    ):
        with pytest.raises(TypeError, match="append-only"):
            spoil()
    assert list(Change.objects.of_story(story.pk)) == [change]


def test_takes_a_change_back_once() -> None:
    story = make_story()
    values = {"actor_name": "x", "site": story.site, "story": story}
    change = Change.objects.create(verb=Verb.PUBLISH, **values)
    Change.objects.create(verb=Verb.UNDO, undoes=change, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(verb=Verb.UNDO, undoes=change, **values)


def test_leads_one_group_at_a_time() -> None:
    a, b = make_story(), make_story()
    make_coverage(a, b)
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.create(site=a.site, lead=a)


@given(st.lists(st.integers(0, 2**63 - 1)))
def test_packs_block_ids(ids: list[int]) -> None:
    assert unpack_ids(pack_ids(ids)) == tuple(ids)
    assert len(pack_ids(ids)) == 8 * len(ids)


def test_gives_the_bytes_of_a_file_back() -> None:
    story = make_story()
    blocks = [
        TextBlock.objects.create(digest=digest_of(text), text=text)
        for text in (b"  - title: a\n", b"  - title: b\n")
    ]
    StoryFile.objects.filter(pk=story.pk).delete()
    ids = [blocks[1].pk, blocks[0].pk, blocks[1].pk]
    StoryFile.pack(story.pk, b"head\r\n", ids, b"tail").save()
    file = StoryFile.objects.get(pk=story.pk)
    assert file.content() == b"head\r\n  - title: b\n  - title: a\n  - title: b\ntail"
    assert file.content(block_texts(file.block_ids)) == file.content()
    with pytest.raises(KeyError):
        file.content({})
    assert block_texts([]) == {}


def test_refuses_a_time_zone_nobody_knows() -> None:
    validate_time_zone("Europe/Vienna")
    with pytest.raises(ValidationError):
        validate_time_zone("Europe/Nowhere")


def test_names_itself_in_words(publisher: Any) -> None:
    site, story = make_site(), make_story(title="Ferry sails")
    group = make_coverage(story, make_story())
    topic = make_topic()
    change = Change(actor_name="maria", verb=Verb.PUBLISH, site=site)
    run = SyncRun.objects.create(kind="import", status="done")
    assert [str(noun) for noun in (story, group, topic, site, change)] == [
        "Ferry sails",
        "Ferry sails (2)",
        "Ferries",
        "Harbour",
        "maria published",
    ]
    assert str(run).startswith("import")
    assert str(Story()) == "(no title)"
    assert str(Site(slug="x")) == "x"
    assert str(Provider(domain="a.example")) == "a.example"
    assert str(Coverage(member_count=2)) == "(no lead) (2)"
    assert str(StoryImage(url="u")) == "u"
    assert str(StoryProblem(code="c", message="m")) == "c: m"
    assert str(TextBlock(digest="d")) == "d"
    assert str(StoryFile(story_id=3)) == "file of story 3"
    assert str(StoryTopic(name="as written", topic=topic)) == "as written"
    assert str(StoryTopic(topic=topic)) == "Ferries"
    assert str(Preferences(user=publisher)) == "publisher"


def test_has_an_address_of_its_own() -> None:
    story = make_story()
    group = make_coverage(story, make_story())
    assert story.get_absolute_url() == f"/stories/{story.pk}/"
    assert group.get_absolute_url() == f"/coverage/{group.pk}/"
    assert make_site().get_absolute_url() == "/stories/?site=harbour"
    assert make_topic().get_absolute_url().startswith("/stories/?topic=")
    assert make_provider().get_absolute_url().startswith("/stories/?provider=")
    assert SyncRun(pk=7).get_absolute_url() == "/sync/7/"
