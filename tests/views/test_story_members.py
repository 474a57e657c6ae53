"""Members of a group beneath its row: unfolded by a link, or as a fragment."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Story
from tests.factories import make_group, make_story, make_story_without_file

pytestmark = pytest.mark.django_db


def test_unfolds_a_group_without_script(as_editor: Client) -> None:
    lead = make_group(members=10)
    response = as_editor.get("/stories/", {"open": lead.pk})
    html = response.content.decode()
    assert html.count('class="member') == 9
    assert 'aria-expanded="true"' in html
    assert "2 more in this coverage" in html
    assert f'href="/coverage/{lead.coverage_id}/"' in html


def test_leads_to_its_members_and_back(as_editor: Client) -> None:
    lead = make_group()
    html = as_editor.get("/stories/?sort=best&page=").content.decode()
    assert f'href="/stories/?sort=best&amp;page=&amp;open={lead.pk}#story-{lead.pk}"' in html
    html = as_editor.get(f"/stories/?sort=best&open={lead.pk}").content.decode()
    assert f'href="/stories/?sort=best&amp;#story-{lead.pk}"' in html


def test_gives_members_best_first_with_their_buttons(as_publisher: Client) -> None:
    lead = make_group(members=2)
    unfiled = make_story_without_file(title="Unfiled", quality=70)
    Story.objects.filter(pk=unfiled.pk).update(coverage=lead.coverage_id, is_lead=False, queue=4)
    html = as_publisher.get(f"/stories/{lead.pk}/members/").content.decode()
    assert html.index("Unfiled") < html.index("Member 0") < html.index("Member 1")
    assert "no file" in html
    assert f'id="story-{lead.pk}"' not in html
    for command in ("lead", "unlink", "publish"):
        assert f'data-command="{command}"' in html


def test_gives_all_the_others_after_the_first(as_reader: Client) -> None:
    lead = make_group(members=12)
    first = as_reader.get(f"/stories/{lead.pk}/members/").content.decode()
    assert "4 more in this coverage" in first
    rest = as_reader.get(f"/stories/{lead.pk}/members/", {"after": 8}).content.decode()
    assert rest.count('class="member') == 4
    assert "more in this coverage" not in rest
    assert "<button" not in rest


def test_gives_no_members_of_a_single_story(as_reader: Client) -> None:
    assert as_reader.get(f"/stories/{make_story().pk}/members/").content.strip() == b""
    assert as_reader.get("/stories/999/members/").status_code == 404


def test_escapes_what_members_say(as_editor: Client) -> None:
    lead = make_group(members=1)
    evil = '"><script>alert(1)</script>{title}%s'
    Story.objects.filter(is_lead=False).update(title=evil, provider_name=evil)
    html = as_editor.get(f"/stories/{lead.pk}/members/").content.decode()
    assert "<script" not in html
    html = as_editor.get("/stories/", {"q": "script", "x": '{"'}).content.decode()
    assert "<script>alert" not in html
