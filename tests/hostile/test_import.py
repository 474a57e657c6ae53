"""The whole hostile folder in one run: every good file comes in, every bad one is named once."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importer import import_repository
from articles.models import Story, SyncRun
from articles.repository import open_repository
from tests.hostile.judging import fingerprint, judge, manifest, unpack
from tests.importer.newsroom import contents, dump
from tests.processes import Processes

pytestmark = [pytest.mark.corpus, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path)


def test_commits_every_good_file_and_names_every_bad_one(
    processes: Processes, corpus: Path, tmp_path: Path
) -> None:
    folder = unpack(corpus, tmp_path)
    before = fingerprint(folder)
    expected = {
        case["file"]: case["expect"].get("outcome") or case["kind"]
        for case in manifest(corpus)["files"]
    }

    done = processes.manage("import_stories", folder, "--format", "json")

    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    kinds = Counter(expected.values())
    assert (report["refused"], report["skipped"]) == (kinds["reject"], kinds["skipped"])
    assert report["created"] == kinds["accept"] + kinds["accept-sanitised"]
    named = Counter(problem["path"] for problem in report["problems"])
    bad = [path for path, kind in expected.items() if kind in {"reject", "skipped"}]
    assert named == Counter(bad)
    assert all(problem["code"] and problem["message"] for problem in report["problems"])
    good = {path for path, kind in expected.items() if kind.startswith("accept")}
    assert set(Story.objects.exclude(path=None).values_list("path", flat=True)) == good
    for story in Story.objects.exclude(path=None):
        assert contents(story) == (folder / str(story.path)).read_bytes(), story.path
    assert fingerprint(folder) == before


def test_prints_one_line_for_each_problem(
    processes: Processes, corpus: Path, tmp_path: Path
) -> None:
    folder = unpack(corpus, tmp_path)
    done = processes.manage("import_stories", folder)

    *lines, counts = done.stdout.splitlines()
    report = SyncRun.objects.get()
    assert len(lines) == len(report.problems)
    assert done.stdout.isascii() or done.stdout.replace("\n", "").isprintable()
    assert "refused" in counts
    for secret in ("AAECAwQFBgcICQoLDA0O", "c2VjcmV0"):
        assert secret not in done.stdout + done.stderr


def test_writes_nothing_the_second_time(corpus: Path, tmp_path: Path) -> None:
    folder = unpack(corpus, tmp_path)
    import_repository(open_repository(folder))
    once = dump()

    with CaptureQueriesContext(connection) as queries:
        report = import_repository(open_repository(folder))

    counts = report.counts
    assert (counts.created, counts.updated, counts.embedded, counts.missing) == (0, 0, 0, 0)
    assert dump() == once
    writing = re.compile('(?:INSERT|UPDATE|DELETE)(?!.*"articles_syncrun")')
    assert [q["sql"] for q in queries.captured_queries if writing.match(q["sql"])] == []


def test_takes_the_archive_as_it_takes_the_folder(
    processes: Processes, corpus: Path, tmp_path: Path
) -> None:
    import_repository(open_repository(unpack(corpus, tmp_path)))
    from_folder = dump()
    archive = corpus / "hostile" / "files.tar.xz"

    done = processes.manage("import_stories", archive, "--format", "json")

    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["created"] == 0
    assert dump() == from_folder


def test_checks_the_folder_as_the_judge_wants_it(
    processes: Processes, corpus: Path, tmp_path: Path
) -> None:
    folder = unpack(corpus, tmp_path)
    done = processes.manage("check_stories", folder, "--format", "json")

    assert done.returncode == 3, done.stderr
    complaints = judge(corpus, json.loads(done.stdout), tmp_path)
    # What is left are the checks of pages (see test_judge.py).
    assert "FAIL" not in complaints
    assert re.findall(r"'([a-z_.]+)': \d+", complaints) == ["html"]
    assert not Story.objects.exists()
