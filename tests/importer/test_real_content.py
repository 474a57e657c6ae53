"""The real repositories, the customer's two files and the hostile set."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importer import Options, import_repository
from articles.models import Coverage, Story, StoryFile, StoryProblem
from articles.models.story_file import block_texts
from articles.repository import Repository, open_repository
from tests.importer.newsroom import dump

pytestmark = [pytest.mark.django_db, pytest.mark.corpus]


def files_of(repository: Repository) -> Iterator[tuple[str, bytes]]:
    for entry in repository.entries():
        if entry.skip is None:
            yield entry.path, entry.read()


def assert_every_byte_is_kept(repository: Repository) -> None:
    kept = {file.story.path: file for file in StoryFile.objects.select_related("story").iterator()}
    texts = block_texts({block for file in kept.values() for block in file.block_ids})
    for path, data in files_of(repository):
        assert kept[path].content(texts) == data, path


@pytest.mark.parametrize("name", ["powerapps", "azure-a"])
def test_imports_a_real_repository(corpus: Path, name: str) -> None:
    repository = open_repository(corpus / f"corpus/{name}.tar.xz")
    report = import_repository(repository)

    assert report.counts.refused == 0
    assert report.counts.created == repository.total - report.counts.skipped
    assert_every_byte_is_kept(repository)
    again = import_repository(open_repository(corpus / f"corpus/{name}.tar.xz"))
    assert again.counts.unchanged == report.counts.created
    assert again.counts.with_issues == report.counts.with_issues


def test_finds_the_leads_the_files_name(corpus: Path) -> None:
    import_repository(open_repository(corpus / "corpus/azure-a.tar.xz"))
    led = Coverage.objects.select_related("lead")

    assert led
    assert sum(group.lead is not None and group.lead.heat == -1 for group in led) < 5
    members = Story.objects.filter(coverage__isnull=False, is_lead=False)
    assert members.filter(heat=-1).count() > 0.99 * members.count()


def test_imports_the_customers_files(corpus: Path) -> None:
    report = import_repository(open_repository(corpus / "seeds"), Options(slug="seeds"))

    assert (report.counts.created, report.counts.refused) == (2, 0)
    assert report.counts.embedded == Story.objects.filter(path=None).count() > 0
    assert_every_byte_is_kept(open_repository(corpus / "seeds"))


def unpacked(corpus: Path, tmp_path: Path) -> Path:
    with tarfile.open(corpus / "hostile/files.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "hostile"


def test_survives_the_hostile_set_and_writes_it_once(corpus: Path, tmp_path: Path) -> None:
    folder = unpacked(corpus, tmp_path)
    report = import_repository(open_repository(folder))

    assert report.exit_code == 3
    assert len({p.path for p in report.problems}) == len(report.problems)
    assert report.counts.created + report.counts.refused + report.counts.skipped == 271
    assert_every_byte_is_kept_of_the_accepted(open_repository(folder))
    before = dump()
    with CaptureQueriesContext(connection) as queries:
        import_repository(open_repository(folder))
    assert dump() == before
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert all("articles_syncrun" in sql for sql in writes)
    assert not Path("/tmp/newsdesk-pwned").exists()


def assert_every_byte_is_kept_of_the_accepted(repository: Repository) -> None:
    data = dict(files_of(repository))
    for story in Story.objects.with_file().select_related("file"):
        assert story.file.content() == data[story.path or ""]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("dup-url", {"story.duplicate_url"}),
        ("identical-twice", {"story.duplicate_file", "story.duplicate_url"}),
        ("asymmetric-related", {"related.asymmetric"}),
        ("two-leads", {"cluster.two_leads"}),
        ("chain-1000", set()),
    ],
)
def test_sees_what_only_stories_side_by_side_show(
    corpus: Path, tmp_path: Path, name: str, codes: set[str]
) -> None:
    folder = unpacked(corpus, tmp_path) / "scenarios" / name
    report = import_repository(open_repository(folder))

    assert report.counts.refused == 0
    found = StoryProblem.objects.filter(code__in=codes)
    assert set(found.values_list("code", flat=True)) == codes
    assert Coverage.objects.count() == 1
    assert Story.objects.filter(coverage=None).count() == 0


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("rename-and-edit", "before", "after"),
        ("delete", "before", "after"),
        ("same-mtime", "base", "disk"),
    ],
)
def test_follows_a_repository_through_time(
    corpus: Path, tmp_path: Path, name: str, first: str, then: str
) -> None:
    folder = unpacked(corpus, tmp_path) / "scenarios" / name
    import_repository(open_repository(folder / first), Options(slug="x"))
    ids = set(Story.objects.values_list("id", flat=True))
    report = import_repository(open_repository(folder / then), Options(slug="x"))

    assert set(Story.objects.values_list("id", flat=True)) == ids
    assert report.counts.created == 0
    assert report.counts.missing == (name == "delete")
    assert report.counts.updated == (name != "delete")


@pytest.mark.parametrize("path", ["corpus/powerapps.tar.xz", "hostile/files.tar.xz"])
def test_reads_the_same_in_several_processes(corpus: Path, path: str) -> None:
    reports = []
    for jobs in (1, 3):
        repository = open_repository(corpus / path)
        report = import_repository(repository, Options(slug=f"jobs-{jobs}", jobs=jobs))
        report.seconds = 0
        reports.append(report)
    stories = dump()["stories"]
    one, three = (
        {key[1]: story for key, story in stories.items() if key[0] == site}
        for site in ("jobs-1", "jobs-3")
    )

    assert reports[0] == reports[1]
    assert one == three
