"""Real content: an export right after the import changes nothing, one decision one line."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from articles import desk
from articles.exporter import ExportReport, export_stories, pending_bytes
from articles.models import Coverage, Site, Story, StoryFile

pytestmark = [pytest.mark.django_db, pytest.mark.corpus]

REPOSITORIES = ("powerapps", "azure-a", "seeds")


def unpacked(corpus: Path, name: str, folder: Path) -> Path:
    """A copy of a real repository, imported."""
    copy = folder / name
    if name == "seeds":
        shutil.copytree(corpus / "seeds", copy)
        for path in copy.iterdir():
            path.chmod(0o644)
    else:
        with tarfile.open(corpus / "corpus" / f"{name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
    call_command("import_stories", str(copy), verbosity=0, site=name)
    return copy


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def export(name: str, folder: Path) -> ExportReport:
    return export_stories(Site.objects.get(slug=name), folder)


@pytest.mark.parametrize("name", REPOSITORIES)
def test_changes_no_byte_right_after_the_import(corpus: Path, tmp_path: Path, name: str) -> None:
    folder = unpacked(corpus, name, tmp_path)
    before = files(folder)
    report = export(name, folder)
    assert report.exit_code == 0
    assert files(folder) == before
    for file in StoryFile.objects.select_related("story")[:200]:
        assert pending_bytes(file.story) == file.content()


@pytest.mark.parametrize("name", REPOSITORIES)
def test_changes_one_line_for_one_story(
    corpus: Path, tmp_path: Path, name: str, publisher: User
) -> None:
    folder = unpacked(corpus, name, tmp_path)
    before = files(folder)
    stories = Story.objects.not_live().with_file().filter(publish_gate="allowed")
    story = stories.order_by("-is_lead", "pk")[0]
    desk.publish(story, by=publisher, both=True)
    assert export(name, folder).exit_code == 0
    after = files(folder)
    assert [path for path in before if before[path] != after[path]] == [story.path]
    old, new = before[story.path or ""].split(b"\n"), after[story.path or ""].split(b"\n")
    assert [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]] == [
        (b"published: false", b"published: true")
    ]


def test_takes_a_story_out_of_a_group_and_back_without_a_trace(
    corpus: Path, tmp_path: Path, publisher: User
) -> None:
    folder = unpacked(corpus, "azure-a", tmp_path)
    group = (
        Coverage.objects.filter(member_count__range=(4, 12)).order_by("-member_count", "pk").first()
    )
    assert group is not None
    assert group.lead is not None
    lead = group.lead
    member = group.members.with_file().exclude(pk=lead.pk).order_by("pk")[0]
    desk.unlink(member, by=publisher)
    assert export("azure-a", folder).exit_code == 0
    apart = files(folder)
    assert member.url.encode() not in apart[str(lead.path)]
    desk.link(Story.objects.get(pk=lead.pk), [Story.objects.get(pk=member.pk)], by=publisher)
    report = export("azure-a", folder)
    assert (report.exit_code, report.pending) == (0, 0)
    assert member.url.encode() in files(folder)[str(lead.path)]
    for story in Story.objects.filter(coverage=group):
        assert pending_bytes(story) == StoryFile.objects.get(pk=story.pk).content()
