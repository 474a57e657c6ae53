"""`manage.py import_stories PATH...`."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.importer.progress import progress_on
from articles.models import Site, Story
from tests.importer.newsroom import Checkout

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "harbour")


def run(*arguments: object) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("import_stories", *map(str, arguments), stdout=out)
    except SystemExit as exit_:
        return int(exit_.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_prints_one_line_of_counts(checkout: Checkout) -> None:
    checkout.write("a", ["b"])
    code, text = run(checkout.root)

    assert code == 0
    assert text.startswith(
        "1 created, 0 updated, 0 merged, 0 unchanged, 0 conflict, 0 refused, 0 skipped, 0 missing, "
        "0 with issues, 1 embedded"
    )


def test_prints_every_refused_file_once(checkout: Checkout) -> None:
    checkout.write("a")
    checkout.path("bad").write_bytes(b"---\ntitle: a: b\n---\n")
    code, text = run(checkout.root)

    assert code == 3
    assert text.count("_news/2026-03-02-bad.md, line 2: ") == 1
    assert Story.objects.count() == 1


def test_prints_json(checkout: Checkout) -> None:
    checkout.write("a", ["b"], title="")
    checkout.path("bad").write_bytes(b"")
    (checkout.root / "_news/.keep").write_bytes(b"")
    code, text = run(checkout.root, "--format", "json")
    shown = json.loads(text)
    problems = shown.pop("problems")

    assert code == 3
    assert shown.pop("seconds") > 0
    assert shown == {
        "created": 1,
        "updated": 0,
        "merged": 0,
        "unchanged": 0,
        "conflict": 0,
        "refused": 1,
        "skipped": 1,
        "missing": 0,
        "with_issues": 1,
        "embedded": 1,
    }
    assert [set(problem) for problem in problems] == [{"path", "line", "code", "message"}] * 2


def test_imports_several_paths_as_one(checkout: Checkout, tmp_path: Path) -> None:
    other = Checkout(tmp_path / "valley")
    other.write_text("_config.yml", "baseurl: /valley\n")
    checkout.write("a")
    checkout.write("b")
    other.write("a")
    code, text = run(checkout.path("a"), checkout.path("b"), other.root, "--format", "json")

    assert code == 0
    assert json.loads(text)["created"] == 3
    assert set(Site.objects.values_list("slug", flat=True)) == {"harbour", "valley"}


def test_imports_an_archive(checkout: Checkout, tmp_path: Path) -> None:
    checkout.write("a", ["b"])
    with tarfile.open(tmp_path / "site.tar.xz", "w:xz") as archive:
        archive.add(checkout.root, "harbour-main")
    assert run(tmp_path / "site.tar.xz")[0] == 0
    _, text = run(checkout.root, "--format", "json")

    assert json.loads(text)["unchanged"] == 1
    assert Site.objects.get().slug == "harbour"


def test_takes_the_site_by_name(checkout: Checkout) -> None:
    checkout.write("a")
    run(checkout.root, "--site", "elsewhere")

    assert Site.objects.get().slug == "elsewhere"


def test_writes_nothing_on_a_dry_run(checkout: Checkout) -> None:
    checkout.write("a")
    code, text = run(checkout.root, "--dry-run")

    assert code == 0
    assert "1 created" in text
    assert not Story.objects.exists()


def test_exits_1_and_asks_when_too_much_is_gone(checkout: Checkout) -> None:
    for number in range(20):
        checkout.write(f"n{number}")
    run(checkout.root)
    for number in range(12):
        checkout.remove(f"n{number}")

    with pytest.raises(CommandError, match="--allow-missing") as raised:
        run(checkout.root)
    assert raised.value.returncode == 1
    assert run(checkout.root, "--allow-missing")[0] == 0


def test_exits_2_for_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        run(tmp_path / "nowhere")
    assert raised.value.returncode == 2


@pytest.mark.parametrize("slug", ["Not a slug", "../x", "ä"])
def test_exits_2_for_a_site_that_can_have_no_page(checkout: Checkout, slug: str) -> None:
    with pytest.raises(CommandError) as raised:
        run(checkout.root, "--site", slug)
    assert raised.value.returncode == 2
    assert not Site.objects.exists()


def test_exits_1_for_an_archive_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(b"no archive")
    with pytest.raises(CommandError) as raised:
        run(tmp_path / "a.tar.gz")
    assert raised.value.returncode == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_shows_progress_on_a_terminal_only() -> None:
    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        with progress_on(stream) as progress:
            progress("read", 1, 2)
            progress("read", 2, 2)
            progress("write", 2000, 2000)
        assert ("reading 2 of 2 files" in stream.getvalue()) is shown
        assert ("writing 2,000 of 2,000 files" in stream.getvalue()) is shown


def test_parses_in_several_processes(checkout: Checkout) -> None:
    for number in range(30):
        checkout.write(f"n{number}", [f"n{(number + 1) % 30}", "lost"])
    checkout.path("bad").write_bytes(b"")
    one = run(checkout.root, "--site", "one", "--jobs", "1", "--format", "json")
    two = run(checkout.root, "--site", "two", "--jobs", "2", "--format", "json")

    assert one[0] == two[0] == 3
    assert {**json.loads(one[1]), "seconds": 0} == {**json.loads(two[1]), "seconds": 0}
