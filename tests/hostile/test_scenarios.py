"""What happens between several files, or between a file and the desk, scenario by scenario."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.exporter import ExportReport, export_stories
from articles.importer import ImportReport, Options, import_repository
from articles.models import Coverage, Site, Story, StoryFile
from articles.repository import open_repository
from articles.storyfile.errors import StoryFileError
from articles.storyfile.reader import StoryReader
from tests.hostile.judging import unpack
from tests.importer.newsroom import codes, contents, dump

pytestmark = [pytest.mark.corpus, pytest.mark.django_db]

Scenario = Callable[[str], Path]


@pytest.fixture(scope="session")
def scenarios(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(corpus, tmp_path_factory.mktemp("hostile")) / "scenarios"


@pytest.fixture
def scenario(scenarios: Path, tmp_path: Path) -> Scenario:
    """A copy of a scenario's folder (or of one of its stages), to be changed at will."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(scenarios / name, tmp_path / name))

    return copy


def run(folder: Path) -> ImportReport:
    return import_repository(open_repository(folder), Options(slug="desk"))


def story(name: str) -> Story:
    return Story.objects.get(path=f"_news/2020-02-20-{name}.md")


def replace(folder: Path, by: Path) -> None:
    """Bring the files of the next stage into a checkout."""
    shutil.rmtree(folder / "_news")
    shutil.copytree(by / "_news", folder / "_news")


def export(folder: Path) -> ExportReport:
    return export_stories(Site.objects.get(), folder)


def test_keeps_both_files_of_one_address_in_any_order(scenario: Scenario) -> None:
    files = sorted((scenario("dup-url") / "_news").iterdir())
    dumps = []
    for order in (files, files[::-1]):
        for file in order:
            import_repository(open_repository(file), Options(slug="desk"))
        dumps.append(dump())
        Coverage.objects.update(lead=None)
        Story.objects.all().delete()
        Coverage.objects.all().delete()
    run(files[0].parents[1])

    assert dumps[0] == dumps[1] == dump()
    for each in Story.objects.all():
        assert codes(each) == ["story.duplicate_url"]
    assert Coverage.objects.get().member_count == 2


def test_flags_two_files_of_the_same_bytes(scenario: Scenario) -> None:
    report = run(scenario("identical-twice"))

    assert report.counts.created == Story.objects.count() == 2
    for each in Story.objects.all():
        assert "story.duplicate_file" in codes(each)


def test_follows_a_file_that_was_renamed_and_edited(scenario: Scenario) -> None:
    stages = scenario("rename-and-edit")
    run(stages / "before")
    old = Story.objects.get()
    run(stages / "after")
    new = Story.objects.get()

    assert (old.pk, old.path) == (new.pk, "_news/2020-02-20-old.md")
    assert new.path == "_news/2020-02-20-new.md"
    assert new.title != old.title
    assert new.missing_since is None


def test_marks_a_story_whose_file_is_gone_until_it_comes_back(scenario: Scenario) -> None:
    stages = scenario("delete")
    run(stages / "before")
    pk = story("gone").pk
    report = run(stages / "after")
    assert report.counts.missing == 1
    assert story("gone").missing_since is not None
    assert story("stays").missing_since is None

    run(stages / "before")
    assert story("gone").missing_since is None
    assert story("gone").pk == pk


def test_loses_neither_side_of_a_two_way_change(scenario: Scenario, publisher: User) -> None:
    stages = scenario("two-way")
    checkout = stages / "base"
    run(checkout)
    desk.publish(story("s"), by=publisher)
    replace(checkout, stages / "disk")
    on_disk = (checkout / "_news" / "2020-02-20-s.md").read_bytes()

    assert run(checkout).counts.merged == 1
    assert story("s").published
    assert not story("s").conflict
    report = export(checkout)
    assert (report.counts.written, report.exit_code) == (1, 0)
    written = on_disk.replace(b"published: false", b"published: true")
    assert (checkout / "_news" / "2020-02-20-s.md").read_bytes() == written


def test_lets_neither_of_two_headlines_win_silently(scenario: Scenario, editor: User) -> None:
    stages = scenario("two-way-same-key")
    checkout = stages / "base"
    run(checkout)
    desk.edit(story("s"), {"title": "Desk says"}, by=editor)
    replace(checkout, stages / "disk")

    report = run(checkout)
    assert report.counts.conflict == 1
    assert "title" in report.problems[0].message
    assert story("s").title == "Desk says"
    assert export(checkout).counts.written == 0
    assert "Disk says" in (checkout / "_news" / "2020-02-20-s.md").read_text()


def test_sees_a_change_that_left_size_and_time_alone(scenario: Scenario) -> None:
    stages = scenario("same-mtime")
    files = [stages / stage / "_news" / "2020-02-20-s.md" for stage in ("base", "disk")]
    for file in files:
        os.utime(file, ns=(10**18, 10**18))
    assert len({file.stat().st_size for file in files}) == 1
    run(stages / "base")
    first = story("s").title
    report = run(stages / "disk")

    assert report.counts.updated == 1
    assert (first, story("s").title) == ("AAAA", "BBBB")


def test_ties_stories_of_which_only_one_lists_the_other(scenario: Scenario) -> None:
    folder = scenario("asymmetric-related")
    run(folder)
    x, y = story("x"), story("y")

    assert x.coverage_id == y.coverage_id is not None
    assert "related.asymmetric" in codes(x) + codes(y)
    assert contents(y) == (folder / str(y.path)).read_bytes()
    assert not y.pending


def test_follows_a_chain_to_its_end(scenario: Scenario) -> None:
    run(scenario("chain-1000"))

    group = Coverage.objects.get()
    # The last file lists one more story, which has no file.
    assert group.member_count == Story.objects.count() == 61


def test_flags_two_live_leads_and_unpublishes_neither(scenario: Scenario) -> None:
    folder = scenario("two-leads")
    run(folder)

    for name in ("l1", "l2"):
        assert "cluster.two_leads" in codes(story(name))
        assert story(name).published
        assert not story(name).pending
    assert export(folder).counts.written == 0


def test_reads_a_cut_file_whole_or_not_at_all(scenario: Scenario) -> None:
    data = (scenario("truncated") / "_news" / "2020-02-20-full.md").read_bytes()
    whole = StoryReader().read(data)
    read = []
    for length in range(len(data)):
        try:
            record = StoryReader().read(data[:length])
        except StoryFileError:
            continue
        read.append(length)
        assert record == whole, length
    # Only without its last line end is the file still the same story.
    assert read == [len(data) - 1]


def test_keeps_every_field_of_a_story_whose_file_was_cut(scenario: Scenario) -> None:
    folder = scenario("truncated")
    file = folder / "_news" / "2020-02-20-full.md"
    data = file.read_bytes()
    run(folder)
    whole = dump()
    for length in range(0, len(data), 41):
        file.write_bytes(data[:length])
        report = run(folder)
        assert (report.counts.refused, report.exit_code) == (1, 3), length
    file.write_bytes(data)
    run(folder)
    after = dump()

    assert after == whole
    assert StoryFile.objects.count() == 1
