"""A release of a real morning on real content: one commit, these lines only, and back again."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles import desk
from articles.models import Coverage, Release, Site, Story
from articles.sync import begin, sync
from tests.gitting import Git, needs_git
from tests.releasing import release_pending, take_back

pytestmark = [pytest.mark.corpus, pytest.mark.django_db(transaction=True), needs_git]

PUBLICATIONS, REPAIRS = 35, 12
ENTRIES = re.compile(rb"^related:\n((?:  .*\n)+)\n?", re.M)
ENTRY = re.compile(rb"  - .*\n(?:    .*\n)*")


@pytest.fixture
def git(corpus: Path, tmp_path: Path) -> Git:
    subprocess.run(["tar", "-xf", corpus / "corpus" / "azure-a.tar.xz", "-C", tmp_path], check=True)
    (folder,) = tmp_path.iterdir()
    made = Git(folder)
    made.run("init", "--quiet", "--initial-branch=main")
    made.commit()
    return made


def decide(git: Git, by: User) -> dict[str, bytes]:
    """What an editor decides in a morning, and what the files are to hold then, byte by byte."""
    wanted: dict[str, bytes] = {}
    single = Story.objects.with_file().not_live().filter(coverage=None, publish_gate="allowed")
    for story in single.order_by("-listed_at", "-id")[:PUBLICATIONS]:
        desk.publish(story, by=by)
        path = story.path or ""
        wanted[path] = with_line(git.show(path), b"published", b"true")
    groups = Coverage.objects.filter(member_count__range=(4, 12)).order_by("pk")
    for group in groups[:REPAIRS]:
        members = list(group.members.filter(path__isnull=False).order_by("pk"))
        leaving = next(story for story in members if not story.is_lead)
        desk.unlink(leaving, by=by)
        addresses = {story.url_key for story in members if story != leaving}
        for story in members:
            before = git.show(story.path or "")
            after = repaired(before, story, leaving, len(addresses) - 1)
            if after != before:
                wanted[story.path or ""] = after
    return wanted


def repaired(data: bytes, story: Story, leaving: Story, related: int) -> bytes:
    """A file of a group that a story leaves, by the site's rule as it is written down."""
    quality = story.quality or 0
    if story == leaving:
        live = b"true" if quality >= 70 else b"false"
        data = with_line(ENTRIES.sub(b"", data), b"heat", b"%d" % quality)
        return with_line(data, b"published", live)
    if story.is_lead:
        heat = quality + 20 * related if quality >= 50 else quality
        data = with_line(data, b"heat", b"%d" % heat)
    return ENTRIES.sub(lambda found: without(found, leaving.url.encode()), data)


def with_line(data: bytes, key: bytes, value: bytes) -> bytes:
    """The file with another value on the one line of a key."""
    new, count = re.subn(rb"^%s: .*$" % key, b"%s: %s" % (key, value), data, flags=re.M)
    assert count == 1
    return new


def without(found: re.Match[bytes], address: bytes) -> bytes:
    """The related entries without every copy of one."""
    kept = [entry for entry in ENTRY.findall(found[1]) if b' "%s"\n' % address not in entry]
    assert kept
    return found[0].replace(found[1], b"".join(kept))


def test_is_one_commit_of_the_changed_lines_and_can_be_taken_back(
    git: Git, publisher: User
) -> None:
    site = Site.objects.create(slug="azure-a", location=str(git.folder))
    sync(begin(site))
    before = git.head()
    wanted = decide(git, publisher)
    waiting = set(Story.objects.needing_export().values_list("path", flat=True))
    release = release_pending(site, by=publisher).release
    assert release is not None
    # Who leaves a group may be good enough to be published alone.
    assert release.counts["published"] >= PUBLICATIONS
    assert release.counts["groups"] == REPAIRS
    assert git.run("rev-parse", "HEAD^").strip() == before
    changed = git.run("diff", "--name-only", "HEAD^", "HEAD").splitlines()
    assert set(changed) == set(wanted) == waiting == {file.path for file in release.files.all()}
    assert {path for path in wanted if git.show(path) != wanted[path]} == set()
    numbers = git.run("diff", "--shortstat", "HEAD^", "HEAD")
    assert f"{release.counts['lines_added']} insertion" in numbers
    assert f"{release.counts['lines_removed']} deletion" in numbers
    assert git.is_clean()

    take_back(release, by=publisher)
    assert git.run("diff", before, "HEAD") == ""
    assert git.is_clean()
    assert Release.objects.count() == 2
