"""Sites, topics, providers, groups of stories, changes and runs in the admin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import desk
from articles.models import Change, Coverage, Provider, Site, Story, SyncRun, Topic, Verb
from tests.factories import (
    SECRET,
    make_coverage,
    make_provider,
    make_site,
    make_story,
    make_topic,
)


def page_of(thing: Any) -> str:
    return reverse(f"admin:articles_{thing._meta.model_name}_change", args=[thing.pk])


def save(client: Client, thing: Any, **changes: Any) -> Any:
    """Send the form back with some fields changed."""
    context = client.get(page_of(thing)).context
    form = context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        management = inline.formset.management_form
        data.update({management.add_prefix(n): management[n].value() for n in management.fields})
    data = {name: "" if value is None else value for name, value in data.items()}
    return client.post(page_of(thing), {**data, **changes})


# Sites


def test_changes_the_three_numbers_of_a_site(admin: Client) -> None:
    site = make_site()
    numbers = {"related_weight": 10, "quality_floor": 40, "publish_threshold": 65}
    assert save(admin, site, **numbers).status_code == 302
    site.refresh_from_db()
    assert (site.related_weight, site.quality_floor, site.publish_threshold) == (10, 40, 65)


def test_writes_the_reasons_to_decline_a_line_each(admin: Client) -> None:
    site = make_site()
    assert save(admin, site, decline_reasons="too old\n\nno source\ntoo old").status_code == 302
    site.refresh_from_db()
    assert site.decline_reasons == ["too old", "no source"]
    assert desk.decline_reasons() == [(1, "too old"), (2, "no source")]
    assert save(admin, site, decline_reasons="\n".join("abcdefghij")).status_code == 200


@pytest.mark.parametrize("value", ["-1", "x", "", "99999"])
def test_takes_no_odd_number(admin: Client, value: str) -> None:
    site = make_site()
    assert save(admin, site, publish_threshold=value).status_code == 200
    site.refresh_from_db()
    assert site.publish_threshold == 70


def test_keeps_the_slug_of_a_site(admin: Client) -> None:
    site = make_site()
    save(admin, site, slug="elsewhere", title="New title")
    site.refresh_from_db()
    assert (site.slug, site.title) == ("harbour", "New title")


def test_adds_a_site(admin: Client) -> None:
    fields = {"slug": "new", "related_weight": 20, "quality_floor": 50, "publish_threshold": 70}
    admin.post(reverse("admin:articles_site_add"), fields)
    assert Site.objects.get(slug="new").serves_public_json is False


def test_never_deletes_a_site(client: Client, db: None) -> None:
    site = make_site()
    client.force_login(User.objects.create_superuser("root"))
    path = reverse("admin:articles_site_delete", args=[site.pk])
    assert client.post(path, {"post": "yes"}).status_code == 403


# Topics


def test_keeps_a_tree_of_topics_with_keywords(admin: Client) -> None:
    site = make_site()
    parent, topic = make_topic(site, "Sea"), make_topic(site, "Ferries")
    save(admin, topic, parent=parent.pk, keywords="boat\r\n\r\n ship ", hashtags="#sea")
    topic.refresh_from_db()
    assert (topic.parent, topic.keywords, topic.hashtags) == (parent, ["boat", "ship"], ["#sea"])


def test_refuses_a_parent_of_another_site_or_below_itself(admin: Client) -> None:
    site = make_site()
    topic = make_topic(site, "Sea")
    child = make_topic(site, "Ferries", parent=topic)
    foreign = make_topic(make_site("elsewhere"), "Hills")
    for parent in (topic, child, foreign):
        page = save(admin, topic, parent=parent.pk)
        assert page.context["adminform"].form.errors["parent"]
    assert Topic.objects.get(pk=topic.pk).parent is None


def test_keeps_the_name_of_a_topic_that_stories_carry(admin: Client) -> None:
    make_story(topics=["Ferries"])
    topic = Topic.objects.get(name="Ferries")
    save(admin, topic, name="Boats", slug="boats")
    topic.refresh_from_db()
    assert (topic.name, topic.slug) == ("Ferries", "boats")


def test_renames_a_topic_that_no_story_carries(admin: Client) -> None:
    topic = make_topic(name="Feries")
    save(admin, topic, name="Ferries")
    assert Topic.objects.get().name == "Ferries"


def test_deletes_only_topics_that_no_story_carries(admin: Client) -> None:
    make_story(topics=["Ferries"])
    free = make_topic(name="Free")
    for topic in Topic.objects.all():
        path = reverse("admin:articles_topic_delete", args=[topic.pk])
        admin.post(path, {"post": "yes"})
    assert not Topic.objects.filter(pk=free.pk).exists()
    assert Topic.objects.get().name == "Ferries"


# Providers


def test_names_a_provider_and_keeps_its_domain(admin: Client) -> None:
    provider = make_provider("a.example")
    save(admin, provider, name="The A", domain="b.example", description="Daily")
    provider = Provider.objects.get()
    assert (provider.name, provider.domain) == ("The A", "a.example")


def test_refuses_a_second_provider_of_a_domain(admin: Client) -> None:
    make_provider("a.example")
    page = admin.post(reverse("admin:articles_provider_add"), {"name": "B", "domain": "a.example"})
    assert page.status_code == 200
    assert Provider.objects.count() == 1


# Groups of stories


@pytest.fixture
def group(db: None) -> Coverage:
    first, second = make_story(title="First", quality=80), make_story(title="Second", quality=60)
    return make_coverage(first, second)


def test_shows_a_group_with_its_stories(admin: Client, group: Coverage) -> None:
    page = admin.get(page_of(group)).content.decode()
    assert "First" in page
    assert "Second" in page
    assert group.get_absolute_url() in page


def test_chooses_a_lead_through_the_desk(admin: Client, chief: User, group: Coverage) -> None:
    second = Story.objects.get(title="Second")
    assert save(admin, group, lead=second.pk).status_code == 302
    group.refresh_from_db()
    assert group.lead == second
    assert Story.objects.get(title="First").heat == -1
    change = Change.objects.filter(verb=Verb.LEAD, story=second).get()
    assert change.actor == chief


def test_takes_no_lead_from_outside(admin: Client, group: Coverage) -> None:
    page = save(admin, group, lead=make_story().pk)
    assert page.context["adminform"].form.errors["lead"]
    assert not Change.objects.exists()


def test_does_not_choose_over_somebody_else(admin: Client, chief: User, group: Coverage) -> None:
    form = admin.get(page_of(group)).context["adminform"].form
    version, second = form["seen_version"].value(), Story.objects.get(title="Second")
    desk.link(Story.objects.get(title="First"), [make_story()], by=chief)
    changes = Change.objects.count()
    page = save(admin, group, lead=second.pk, seen_version=version)
    assert b"changed after you opened it" in page.content
    assert Change.objects.count() == changes


def test_neither_adds_nor_deletes_groups(client: Client, group: Coverage) -> None:
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(reverse("admin:articles_coverage_add")).status_code == 403
    path = reverse("admin:articles_coverage_delete", args=[group.pk])
    assert client.post(path, {"post": "yes"}).status_code == 403


# Changes and runs


@pytest.fixture
def records(chief: User) -> list[Any]:
    story = make_story(title="Old")
    desk.edit(story, {"title": "<b>New</b>"}, by=chief)
    problem = {"path": "_news/x.md", "line": 3, "code": "title.empty", "message": "<i>No title</i>"}
    run = SyncRun.objects.create(
        site=story.site, kind="import", status="done", done=5, total=5,
        counts={"created": 5, "refused": 0}, problems=[problem],
    )  # fmt: skip
    return [Change.objects.get(), run]


def test_shows_what_changed_as_text(admin: Client, records: list[Any]) -> None:
    page = admin.get(page_of(records[0])).content.decode()
    assert "&lt;b&gt;New&lt;/b&gt;" in page
    assert "Old" in page
    assert SECRET not in page


def test_shows_a_run_with_its_problems(admin: Client, records: list[Any]) -> None:
    page = admin.get(page_of(records[1])).content.decode()
    assert "_news/x.md, line 3" in page
    assert "&lt;i&gt;No title&lt;/i&gt;" in page
    assert "created 5" in page


def test_lets_nobody_touch_changes_and_runs(client: Client, records: list[Any]) -> None:
    before = json.dumps([list(type(r).objects.values()) for r in records], default=str)
    client.force_login(User.objects.create_superuser("root"))
    for record in records:
        noun = record._meta.model_name
        listing = reverse(f"admin:articles_{noun}_changelist")
        assert client.get(f"{listing}add/").status_code == 403
        assert client.post(f"{listing}add/", {"actor_name": "x"}).status_code == 403
        assert client.post(page_of(record), {"actor_name": "x"}).status_code == 403
        path = reverse(f"admin:articles_{noun}_delete", args=[record.pk])
        assert client.post(path, {"post": "yes"}).status_code == 403
        action = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        client.post(listing, action)
    assert json.dumps([list(type(r).objects.values()) for r in records], default=str) == before


def test_shows_the_changes_of_one_story(admin: Client, records: list[Any]) -> None:
    other = make_story()
    listing = reverse("admin:articles_change_changelist")
    found = admin.get(f"{listing}?story__id__exact={records[0].story_id}").context["cl"]
    assert found.result_count == 1
    assert admin.get(f"{listing}?story__id__exact={other.pk}").context["cl"].result_count == 0
    assert admin.get(f"{listing}?q=chief").context["cl"].result_count == 1
