"""What a chief may name as the place of a site's files."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from articles.location import validate_author, validate_branch, validate_location


@pytest.mark.parametrize(
    "location",
    [
        "/srv/news",
        "/srv/news.git",
        "https://git.example.org/news.git",
        "https://git.example.org:8443/team/news.git",
        "ssh://git@git.example.org/news.git",
        "ssh://git.example.org:2222/srv/news.git",
    ],
)
def test_takes_folders_and_repositories(location: str) -> None:
    validate_location(location)


@pytest.mark.parametrize(
    "location",
    [
        "news",
        "../news",
        "/srv/../etc",
        "/srv/new\ns",
        "http://git.example.org/news.git",
        "git://git.example.org/news.git",
        "file:///srv/news",
        "ext::sh -c id",
        "https://user:secret@git.example.org/news.git",
        "https://token@git.example.org/news.git",
        "ssh://git:secret@git.example.org/news.git",
        "ssh://-oProxyCommand=id/news.git",
        "ssh://-oProxyCommand=id@git.example.org/news.git",
        "https://git.example.org:port/news.git",
        "https://git.example.org/news.git?ref=main",
        "https:///news.git",
    ],
)
def test_refuses_everything_else(location: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_location(location)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("branch", ["main", "release/2026", "news_1.2"])
def test_takes_names_of_branches(branch: str) -> None:
    validate_branch(branch)


@pytest.mark.parametrize(
    "branch", ["-f", "a..b", "a//b", "/main", "main/", "ma in", "x.lock", "a~1"]
)
def test_refuses_what_git_would_not_take(branch: str) -> None:
    with pytest.raises(ValidationError):
        validate_branch(branch)


def test_keeps_the_line_of_a_commit_whole() -> None:
    validate_author("The Ellery desk")
    for name in ("a <b>", "a\nb"):
        with pytest.raises(ValidationError):
            validate_author(name)
