"""A repository on disk with the files of the stories, and the desk's pen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import serializers

from articles import models
from articles.exporter import ExportReport, export_stories
from articles.models import Site, Story, StoryFile
from articles.repository import path_bytes
from tests.factories import make_site, make_story


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


class Repository:
    """The site's repository: the files as the desk read them."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site

    def check_out(self) -> None:
        """Write every story's file, as it was read."""
        for file in StoryFile.objects.filter(story__site=self.site).select_related("story"):
            path = self.path(file.story)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content())

    def path(self, story: Story) -> Path:
        return self.folder / path_bytes(story.path or "").decode()

    def read(self, story: Story) -> bytes:
        return self.path(story).read_bytes()

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}

    def left_over(self) -> list[Path]:
        return list(self.folder.rglob(".nd-*"))


@pytest.fixture
def repository(tmp_path: Path, site: Site) -> Repository:
    folder = tmp_path / "repository"
    (folder / "_news").mkdir(parents=True)
    (folder / "_config.yml").write_text('title: The harbour\nbaseurl: "/harbour"\n')
    return Repository(folder, site)


def change(story: Story, **fields: Any) -> Story:
    """Change a story's row as a verb of the desk does."""
    story = Story.objects.get(pk=story.pk)
    for name, value in fields.items():
        if name not in {"topics", "images", "related"}:
            setattr(story, name, value)
    story.edited_fields = sorted({*story.edited_fields, *fields})
    story.pending = True
    story.version += 1
    story.save()
    return story


def stored(story: Story) -> bytes:
    """The bytes the desk has of a story's file."""
    return StoryFile.objects.get(pk=story.pk).content()


def export(repository: Repository, **options: Any) -> ExportReport:
    return export_stories(repository.site, repository.folder, **options)


def dump() -> list[str]:
    """Every row of the desk."""
    names = ("Story", "StoryFile", "TextBlock", "Change", "SyncRun", "Coverage")
    rows = (getattr(models, name).objects.order_by("pk") for name in names)
    return [serializers.serialize("json", each) for each in rows]


def reread(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def counts(report: ExportReport) -> dict[str, int]:
    return {name: count for name, count in report.count_values().items() if count}


def pending_story(repository: Repository, **fields: Any) -> Story:
    story = make_story(repository.site, **fields)
    repository.check_out()
    return change(story, published=True)
