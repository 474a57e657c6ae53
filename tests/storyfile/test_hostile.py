"""Every expectation about the hostile files that one file alone can meet."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from articles.storyfile.document import Document
from articles.storyfile.errors import StoryFileError
from articles.storyfile.filename import check_name
from articles.storyfile.issues import NOTES, SENTENCES, publish_verdict
from articles.storyfile.record import StoryRecord, read_record
from articles.weburl import safe_href


def hostile_files(corpus: Path) -> dict[str, bytes]:
    with tarfile.open(corpus / "hostile" / "files.tar.xz") as packed:
        return {
            "_news/" + member.name.rpartition("_news/")[2]: packed.extractfile(member).read()  # type: ignore[union-attr]
            for member in packed
            if member.isfile() and "/_news/" in member.name and "scenarios" not in member.name
        }


def hostile_fields(story: StoryRecord) -> dict[str, object]:
    at = story.published_at
    return {
        "title": story.title,
        "excerpt": story.excerpt,
        "published_at": at and f"{at.year:04}-{at:%m-%dT%H:%M:%SZ}",
        "quality": story.quality,
        "heat": story.heat,
        "published": story.published,
        "removed": story.removed,
        "url": story.url or None,
        "provider": story.provider.name if story.provider else None,
        "topics": list(story.topics),
        "topics_shown": list(story.topics),
        "topic_count": len(story.topics),
        "related_count": len(story.related),
        "linked_count": len(story.linked),
    }


@pytest.mark.corpus
def test_meets_every_expectation_of_the_hostile_files(corpus: Path) -> None:
    manifest = json.loads((corpus / "hostile" / "manifest.json").read_text())
    files = hostile_files(corpus)
    wrong: list[str] = []
    for case in manifest["files"]:
        expect = case["expect"]
        kind = expect.get("outcome") or case["kind"]
        if kind in {"reject", "skipped"}:
            continue
        try:
            story = read_record(Document.parse(files[case["file"]]))
        except StoryFileError as error:
            wrong.append(f"{case['id']}: refused ({error})")
            continue
        issues = [*story.issues, *check_name(case["file"])]
        found = {one.code for one in issues}
        got = {
            "issues": sorted(found & set(expect.get("issues", []))),
            "notes": sorted({n.code for n in story.notes} & set(expect.get("notes", []))),
            "publish": publish_verdict(issues),
            "locked": story.locked,
            "href": safe_href(story.url) or False,
            "extras": list(story.extras),
        }
        for name, value in got.items():
            wanted = expect.get(name)
            wanted = sorted(wanted) if isinstance(wanted, list) else wanted
            if wanted is not None and value != wanted:
                wrong.append(f"{case['id']}: {name} is {value}, expected {wanted}")
        fields = hostile_fields(story)
        wrong += [
            f"{case['id']}: {name} is {fields[name]!r}, expected {value!r}"
            for name, value in expect.get("fields", {}).items()
            if name in fields and fields[name] != value
        ]
        if kind == "accept" and found:
            wrong.append(f"{case['id']}: false alarm {sorted(found)}")
    assert wrong == []


@pytest.mark.corpus
def test_has_a_sentence_for_every_code_of_one_file(corpus: Path) -> None:
    manifest = json.loads((corpus / "hostile" / "manifest.json").read_text())
    between_files = {
        *("story.duplicate_file", "story.duplicate_url", "related.asymmetric"),
        "cluster.two_leads",
    }
    assert set(manifest["issue_codes"]) - between_files <= SENTENCES.keys()
    assert set(manifest["note_codes"]) <= SENTENCES.keys() | NOTES.keys()
