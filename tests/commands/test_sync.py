"""`manage.py sync`: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles import desk
from articles.models import Site, Story
from tests.gitting import Git, needs_git
from tests.importer.newsroom import CONFIG, story
from tests.newswire import AN, Newswire

pytestmark = [pytest.mark.django_db(transaction=True), needs_git]


@pytest.fixture
def wire(tmp_path: Path) -> Newswire:
    return Newswire.new(tmp_path, remote=False)


def run(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("sync", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_says_what_it_did(wire: Newswire) -> None:
    code, out, _ = run()
    assert code == 0
    assert out.startswith("harbour: 0 created, 0 updated")
    assert "6 unchanged" in out


def test_releases_where_the_site_says_so(wire: Newswire, publisher: User) -> None:
    Site.objects.update(release_automatically=True)
    desk.publish(Story.objects.get(path=AN), by=publisher)
    code, out, _ = run("harbour", "--format", "json")
    said = json.loads(out)
    assert (code, said["site"], said["released"]) == (0, "harbour", 1)
    assert said["commit"] == wire.head()


def test_names_a_refused_file(wire: Newswire) -> None:
    wire.robot.write("_news/2026-03-02-broken.md", b"---\ntitle: [\n---\n")
    wire.says("Break one")
    code, out, _ = run()
    assert code == 3
    assert out.startswith("_news/2026-03-02-broken.md, line")


@pytest.mark.parametrize("seconds", ["0", "-5"])
def test_takes_no_pause_of_no_time(wire: Newswire, seconds: str) -> None:
    with pytest.raises(CommandError, match="from 1 on") as failure:
        run("--watch", f"--every={seconds}")
    assert failure.value.returncode == 2


def test_fails_in_words(wire: Newswire) -> None:
    Site.objects.update(location="/nowhere")
    assert run() == (1, "", "harbour: There is no folder /nowhere on this machine.\n")


def test_wants_a_connected_site(wire: Newswire) -> None:
    with pytest.raises(CommandError, match="The site other is not connected"):
        run("other")
    Site.objects.update(location="")
    with pytest.raises(CommandError, match="No site is connected"):
        run()


def test_connects_a_site_by_its_repository(tmp_path: Path) -> None:
    robot = Git.new(tmp_path / "robot")
    robot.write("_config.yml", CONFIG.encode())
    robot.commit(**{AN: story("alpha")})
    out = io.StringIO()
    call_command("connect", str(robot.folder), stdout=out)
    assert "sync harbour" in out.getvalue()
    assert run("harbour")[0] == 0
    assert Story.objects.get().site.location == str(robot.folder)
    call_command("connect", str(robot.folder), "--site", "second", "--branch", "main")
    assert Site.objects.get(slug="second").branch == "main"


@pytest.mark.parametrize(
    ("location", "words"),
    [("/nowhere", "no folder"), ("http://x.example/a.git", "whole path"), ("-x", "whole path")],
)
def test_refuses_to_connect_what_it_cannot_reach(location: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("connect", "--", location)
    assert not Site.objects.exists()
