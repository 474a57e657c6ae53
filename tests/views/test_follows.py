from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Story
from tests.factories import make_group, make_story
from tests.views.conftest import HTMX

pytestmark = pytest.mark.django_db


def test_shows_what_a_new_lead_means_and_changes_nothing(as_editor: Client) -> None:
    lead = make_group()
    member = Story.objects.get(title="Member 0")
    html = as_editor.get(f"/stories/{member.pk}/follows/lead/", headers=HTMX).content.decode()
    assert "Lead: no longer leads" in html
    assert "files will be written" in html
    assert f'action="/stories/{member.pk}/lead/"' in html
    assert Story.objects.get(pk=lead.pk).is_lead


def test_counts_the_stories_of_which_only_the_coverage_changes(as_editor: Client) -> None:
    make_group(4)
    member = Story.objects.get(title="Member 3")
    html = as_editor.get(f"/stories/{member.pk}/follows/unlink/", headers=HTMX).content.decode()
    assert "Member 3: leads" in html
    assert "3 more are linked anew." in html
    assert "Member 0" not in html


def test_offers_the_members_where_the_story_leads_already(as_editor: Client) -> None:
    lead = make_group()
    html = as_editor.get(f"/stories/{lead.pk}/follows/lead/", headers=HTMX).content.decode()
    assert html.count("data-digit") == 3
    assert html.index("Member 0") < html.index("Member 1")


def test_links_the_selected_stories_with_one_form(as_editor: Client) -> None:
    story, other = make_story(), make_story()
    page = as_editor.get(f"/stories/{story.pk}/follows/link/", {"story": other.pk})
    html = page.content.decode()
    assert f'name="story" value="{other.pk}"' in html
    assert "<html" in html
    form = {"story": other.pk, "confirm": "1", "version": story.version}
    answer = as_editor.post(f"/stories/{story.pk}/link/", form, headers=HTMX)
    assert set(answer["X-Desk-Touched"].split(",")) == {str(story.pk), str(other.pk)}


def test_says_why_it_cannot_be_done(as_editor: Client) -> None:
    story, other = make_story(locked=True), make_story()
    html = as_editor.get(f"/stories/{story.pk}/follows/link/?story={other.pk}").content.decode()
    assert "is locked" in html
    assert 'name="confirm"' not in html


def test_says_that_a_single_story_has_nothing_to_leave(as_editor: Client) -> None:
    html = as_editor.get(f"/stories/{make_story().pk}/follows/unlink/").content.decode()
    assert "Nothing would change" in html


def test_knows_no_other_change(as_editor: Client) -> None:
    assert as_editor.get(f"/stories/{make_story().pk}/follows/burn/").status_code == 404


def test_splits_off_a_story_and_all_that_came_after_it(as_editor: Client) -> None:
    lead = make_group()
    member = Story.objects.get(title="Member 1")
    html = as_editor.get(f"/stories/{member.pk}/follows/split/", headers=HTMX).content.decode()
    assert 'value="split_at"' in html
    group = lead.coverage
    assert group is not None
    form = {"action": "split_at", "one": member.pk, "confirm": "1", "version": group.version}
    answer = as_editor.post(f"/coverage/{group.pk}/regroup/", form, headers=HTMX)
    assert str(member.pk) in answer["X-Desk-Touched"].split(",")
    assert Story.objects.get(pk=member.pk).coverage_id != group.pk


def test_says_that_a_single_story_cannot_be_split(as_editor: Client) -> None:
    html = as_editor.get(f"/stories/{make_story().pk}/follows/split/").content.decode()
    assert "Nothing would change" in html


def test_a_page_of_its_own_leads_back_and_a_dialog_closes(as_editor: Client) -> None:
    member = Story.objects.get(pk=make_group().pk)
    address = f"/stories/{member.pk}/follows/lead/"
    page = as_editor.get(address).content.decode()
    dialog = as_editor.get(address, headers=HTMX).content.decode()
    assert f'href="{member.get_absolute_url()}">Leave it' in page
    assert "Leave it" not in dialog
    assert '<form method="dialog">' in dialog
