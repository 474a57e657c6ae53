"""What an import would make of each file, without importing it."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from articles.checker import FileCheck, check_repository
from articles.repository import open_repository
from tests.importer.newsroom import Checkout, story


def checks(checkout: Checkout) -> dict[str, FileCheck]:
    return {c.path: c for c in check_repository(open_repository(checkout.root))}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "harbour")


def test_accepts_a_sound_file(checkout: Checkout) -> None:
    checkout.write("a", ["b", "b", "c"], topics=["Ferries", "Storms"], heat=100)
    check = checks(checkout)["_news/2026-03-02-a.md"]

    assert check.outcome == "accept-sanitised"  # an address is listed twice
    assert check.export_identical
    assert check.publish == "allowed"
    assert check.href == "https://www.herald.example/a"
    assert check.fields["published_at"] == "2026-03-02T12:00:00Z"
    assert (check.fields["related_count"], check.fields["linked_count"]) == (3, 2)
    assert check.fields["provider"] == "The Herald"


def test_says_why_a_file_is_refused(checkout: Checkout) -> None:
    checkout.path("bad").write_bytes(b"---\ntitle: a: b\n---\n")
    (check,) = checks(checkout).values()
    shown = check.as_json()

    assert (shown["outcome"], shown["error"], shown["line"]) == ("reject", "yaml_syntax", 2)
    assert shown["issues"] == []
    assert shown["messages"]


def test_names_skipped_files(checkout: Checkout) -> None:
    (checkout.root / "_news/.keep").write_bytes(b"")
    (check,) = checks(checkout).values()

    assert (check.outcome, check.findings[0].code) == ("skipped", "name.hidden")


def test_adds_doubts_about_the_name(checkout: Checkout) -> None:
    (checkout.root / "_news/2026-03-02-$(id).md").write_bytes(story("a"))
    (check,) = checks(checkout).values()

    assert [finding.code for finding in check.findings] == ["name.unsafe"]
    assert check.publish == "blocked"


@pytest.mark.corpus
def test_passes_the_judge_of_the_hostile_set(corpus: Path, tmp_path: Path) -> None:
    with tarfile.open(corpus / "hostile/files.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    found = check_repository(open_repository(tmp_path / "hostile"))
    results = tmp_path / "results.json"
    results.write_text(json.dumps({check.path: check.as_json() for check in found}))
    judge = [sys.executable, str(corpus / "hostile/check.py"), str(results)]
    judged = subprocess.run(judge, capture_output=True, text=True, check=False)

    assert judged.returncode == 0, judged.stdout


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["powerapps", "azure-a"])
def test_refuses_nothing_in_real_repositories(corpus: Path, name: str) -> None:
    repository = open_repository(corpus / f"corpus/{name}.tar.xz")
    refused = [c for c in check_repository(repository) if c.outcome == "reject"]

    assert refused == []
