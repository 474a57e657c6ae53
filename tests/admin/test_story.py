"""A story in the admin: edited and decided through the desk's verbs alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles import desk
from articles.models import Change, Story, Verb
from tests.factories import make_site, make_story, make_topic

MakeUser = Callable[..., User]
CHANGELIST = "/admin/articles/story/"


def page_of(story: Story) -> str:
    return reverse("admin:articles_story_change", args=[story.pk])


def form_of(client: Client, story: Story) -> dict[str, Any]:
    """Every field of the form as a browser would send it back."""
    context = client.get(page_of(story)).context
    form = context["adminform"].form
    data: dict[str, Any] = {name: form[name].value() for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        management = formset.management_form
        data.update({management.add_prefix(n): management[n].value() for n in management.fields})
        for row in formset.forms if inline.has_change_permission else ():
            data.update({row.add_prefix(name): row[name].value() for name in row.fields})
    return {name: "" if value is None else value for name, value in data.items()}


def save(client: Client, story: Story, **changes: Any) -> Any:
    return client.post(page_of(story), {**form_of(client, story), **changes})


def test_saves_an_edit_as_a_change_of_the_desk(admin: Client, chief: User) -> None:
    story = make_story(topics=["Ferries"])
    response = save(admin, story, title="A better headline")
    assert response.status_code == 302
    story.refresh_from_db()
    assert story.title == "A better headline"
    assert story.pending
    assert story.edited_fields == ["title"]
    assert story.version == 2
    change = Change.objects.get()
    assert (change.verb, change.actor, change.story) == (Verb.EDIT, chief, story)
    assert change.after["title"] == "A better headline"


def test_writes_nothing_when_nothing_changed(admin: Client) -> None:
    story = make_story(
        title="  spaced “title” ", excerpt="two\nlines ", topics=["Ferries", "Harbour"],
        images=["https://img.example/1.png"],
    )  # fmt: skip
    form = form_of(admin, story)
    form["excerpt"] = form["excerpt"].replace("\n", "\r\n")  # as browsers do
    response = admin.post(page_of(story), form, follow=True)
    assert b"Nothing was different" in response.content
    story.refresh_from_db()
    assert (story.version, story.pending, story.title) == (1, False, "  spaced “title” ")
    assert not Change.objects.exists()


def test_adds_and_removes_topics_and_keeps_the_order_of_the_rest(admin: Client) -> None:
    story = make_story(topics=["Zebras", "Ferries", "Harbour"])
    new = make_topic(story.site, "Aardvarks")
    keep = [t.pk for t in story.topics.all() if t.name in {"Zebras", "Harbour"}]
    save(admin, story, about=[new.pk, *keep])
    names = [str(row) for row in story.story_topics.order_by("position")]
    assert names == ["Zebras", "Harbour", "Aardvarks"]
    assert Change.objects.get().after["topics"] == names


def test_takes_no_topic_of_another_site(admin: Client) -> None:
    story = make_story(topics=["Ferries"])
    foreign = make_topic(make_site("elsewhere"), "Ferries")
    assert save(admin, story, about=[foreign.pk]).status_code == 422


def test_offers_topics_of_the_storys_site_alone(admin: Client) -> None:
    story = make_story(topics=["Ferries"])
    make_topic(make_site("elsewhere"), "Ferries abroad")
    widget = re.search(r'data-ajax--url="([^"]+)"', admin.get(page_of(story)).content.decode())
    assert widget is not None
    query = {"app_label": "articles", "model_name": "story", "field_name": "topics", "term": "ferr"}
    found = admin.get(f"{widget[1]}&{urlencode(query)}").json()["results"]
    assert [topic["text"] for topic in found] == ["Ferries"]


def test_changes_adds_and_removes_pictures(admin: Client) -> None:
    story = make_story(images=["https://img.example/1.png", "https://img.example/2.png"])
    save(
        admin, story,
        **{
            "images-0-DELETE": "on", "images-1-title": "Second", "images-TOTAL_FORMS": "3",
            "images-2-url": "https://img.example/3.png", "images-2-width": "10",
            "images-2-height": "20", "images-2-is_cached": "unknown", "images-2-id": "",
            "images-2-story": story.pk,
        },
    )  # fmt: skip
    pictures = list(story.images.order_by("position").values_list("url", "title", "width"))
    assert pictures == [
        ("https://img.example/2.png", "Second", 640), ("https://img.example/3.png", None, 10),
    ]  # fmt: skip
    assert Change.objects.get().verb == Verb.EDIT


def test_gives_the_second_editor_both_versions_and_keeps_their_text(
    admin: Client, make_user: MakeUser
) -> None:
    story = make_story(title="As it was")
    mine = {**form_of(admin, story), "title": "My headline", "excerpt": "My excerpt"}
    other = make_user("chief", "Otto")
    desk.edit(Story.objects.get(pk=story.pk), {"title": "Otto's headline"}, by=other)
    response = admin.post(page_of(story), mine)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Otto changed this story after you opened it" in page
    assert "Saved meanwhile: “Otto&#x27;s headline”" in page
    assert "My headline" in page
    assert "My excerpt" in page
    assert Story.objects.get(pk=story.pk).title == "Otto's headline"

    again = {**mine, "seen_version": response.context["adminform"].form["seen_version"].value()}
    assert admin.post(page_of(story), again).status_code == 302
    assert Story.objects.get(pk=story.pk).title == "My headline"


@pytest.mark.parametrize("version", ["", "x", "0", "999"])
def test_takes_no_forged_version(admin: Client, version: str) -> None:
    story = make_story()
    response = save(admin, story, title="Forged", seen_version=version)
    assert response.status_code in {409, 422}
    assert Story.objects.get(pk=story.pk).title == story.title


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 2000), ("web_url", "javascript:alert(1)"), ("kind", "podcast")],
)
def test_says_at_the_field_why_a_value_is_refused(admin: Client, field: str, value: str) -> None:
    story = make_story()
    response = save(admin, story, **{field: value})
    assert response.status_code == 422
    assert response.context["adminform"].form.errors[field]
    assert not Change.objects.exists()


def test_ignores_every_other_column(admin: Client) -> None:
    story = make_story(published=False, heat=10)
    columns = {
        "published": "on", "heat": "999", "quality": "999", "decision": "published", "version": "7",
        "queue": "2", "path": "../../etc/passwd", "site": "1", "removed": "on", "is_lead": "",
        "decided_by": "1", "pending": "on", "locked": "on", "url_key": "x", "actor": "1",
    }  # fmt: skip
    before = Story.objects.filter(pk=story.pk).values().get()
    save(admin, story, title="New", **columns)
    after = Story.objects.filter(pk=story.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"title", "version", "pending", "edited_fields", "updated_at"}


@pytest.mark.parametrize("fields", [{"path": None}, {"locked": True}])
def test_only_shows_what_the_desk_cannot_write(admin: Client, fields: dict[str, Any]) -> None:
    story = make_story(topics=["Ferries"], **fields)
    page = admin.get(page_of(story))
    assert page.status_code == 200
    assert b"Ferries" in page.content
    assert admin.post(page_of(story), {"title": "x"}).status_code == 403


def test_shows_hostile_text_as_text(admin: Client) -> None:
    evil = "<script>alert(1)</script>\u202egnp.exe"
    story = make_story(
        title=evil, excerpt=evil, topics=[evil], images=["javascript:alert(1)"], path=evil,
        decision_reason=evil,
    )  # fmt: skip
    for page in (CHANGELIST, page_of(story), "/admin/articles/topic/"):
        html = admin.get(page).content.decode()
        assert "<script>alert" not in html
        assert 'href="javascript' not in html


def test_cannot_be_added_or_deleted_by_anybody(client: Client, db: None) -> None:
    story = make_story()
    root = User.objects.create_superuser("root")
    client.force_login(root)
    assert client.get(f"{CHANGELIST}add/").status_code == 403
    assert client.post(f"{CHANGELIST}{story.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [story.pk], "post": "yes"}
    client.post(CHANGELIST, action)
    assert Story.objects.filter(pk=story.pk).exists()


def test_links_both_ways_between_admin_and_desk(admin: Client) -> None:
    story = make_story()
    assert f'href="{story.get_absolute_url()}"' in admin.get(page_of(story)).content.decode()
    assert page_of(story) in admin.get(story.get_absolute_url()).content.decode()


# Actions


def act(client: Client, action: str, stories: list[Story], **extra: Any) -> Any:
    data = {"action": action, "_selected_action": [s.pk for s in stories], **extra}
    return client.post(CHANGELIST, data, follow=True)


def test_publishes_unpublishes_and_declines_as_one_batch(admin: Client, chief: User) -> None:
    stories = [make_story(), make_story()]
    for action, live, verb in (
        ("publish", True, Verb.PUBLISH),
        ("unpublish", False, Verb.UNPUBLISH),
        ("decline", False, Verb.DECLINE),
    ):
        page = act(admin, action, stories)
        assert b"2 stories changed." in page.content
        assert {s.published for s in Story.objects.all()} == {live}
        changes = Change.objects.filter(verb=verb)
        assert changes.count() == 2
        assert len({change.batch for change in changes}) == 1
        assert {change.actor for change in changes} == {chief}


def test_says_which_stories_were_refused_and_why(admin: Client) -> None:
    good = make_story()
    blocked = make_story(title="Broken one", publish_gate=Story.Gate.BLOCKED)
    page = act(admin, "publish", [good, blocked]).content.decode()
    assert "1 story changed." in page
    assert "Broken one" in page
    assert not Story.objects.get(pk=blocked.pk).published


def test_acts_on_all_that_the_filter_finds(admin: Client) -> None:
    for _ in range(3):
        make_story(title="Heron")
    other = make_story(title="Bus")
    data = {"action": "publish", "_selected_action": [Story.objects.earliest("id").pk]}
    admin.post(f"{CHANGELIST}?q=heron", {**data, "select_across": "1"})
    assert Story.objects.live().count() == 3
    assert not Story.objects.get(pk=other.pk).published


def test_takes_no_more_than_ten_thousand_at_once(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.admin.story.BULK_LIMIT", 1)
    page = act(admin, "publish", [make_story(), make_story()])
    assert b"At most 1 stories" in page.content
    assert not Story.objects.live().exists()


def test_offers_staff_only_what_they_may(
    make_user: MakeUser, client_of: Callable[[User], Client]
) -> None:
    story = make_story()
    for role, offered in (("reader", set()), ("editor", {"decline"})):
        user = make_user(role)
        user.is_staff = True
        user.save()
        client = client_of(user)
        page = client.get(CHANGELIST)
        form = page.context["action_form"]
        choices = {value for value, _label in form.fields["action"].choices} if form else set()
        assert choices - {""} == offered
        act(client, "publish", [story])
        assert not Story.objects.get(pk=story.pk).published
        assert client.get(page_of(story)).status_code == 200
        assert client.post(page_of(story), {"title": "x"}).status_code == 403
