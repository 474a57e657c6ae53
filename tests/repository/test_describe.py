"""What a repository says of itself."""

from __future__ import annotations

from pathlib import Path

from articles.repository import SiteDescription, open_repository
from tests.repository.conftest import write


def test_reads_the_site(site: Path) -> None:
    assert open_repository(site).site == SiteDescription(
        title="Invented Every Day",
        url="https://invented.example",
        baseurl="/invented",
        web_url="https://reader.example/invented",
        locale="en-us",
        repository="nobody/invented",
        topic="Invention",
    )


def test_reads_providers_and_topics(site: Path) -> None:
    description = open_repository(site).description
    (provider,) = description.organizations
    (topic,) = description.topics

    assert (provider.name, provider.domain) == ("The Wire", "wire.example")
    assert provider.description == "News by wire."
    assert (provider.images[0].url, provider.images[0].width) == ("/assets/wire-50x50.jpg", 50)
    assert (topic.slug, topic.name, topic.parent) == ("tools", "Tools", "Invention")
    assert topic.keywords == ("hammer", "saw")
    assert topic.hashtags == ("#Tools",)


def test_names_a_broken_file_and_reads_the_others(site: Path) -> None:
    write(site / "_data/topics/02-bad.yaml", b"name: [unclosed\n")
    write(site / "_data/topics/03-deep.yaml", b"name: " + b"[" * 200_000)
    write(site / "_data/topics/04-none.yaml", b"keywords: []\n")
    write(site / "_data/organizations/bad.md", b"no front matter")
    description = open_repository(site).description

    assert [topic.name for topic in description.topics] == ["Tools"]
    assert {problem.path for problem in description.problems} == {
        "_data/organizations/bad.md",
        "_data/topics/02-bad.yaml",
        "_data/topics/03-deep.yaml",
        "_data/topics/04-none.yaml",
    }


def test_stays_usable_with_a_broken_config(site: Path) -> None:
    write(site / "_config.yml", b"title: \xff\xfe\n")
    repository = open_repository(site)

    assert repository.site == SiteDescription()
    assert repository.slug == "checkout"
    assert [problem.code for problem in repository.problems] == ["not_utf8"]


def test_does_not_trust_the_types_of_a_description(site: Path) -> None:
    write(site / "_config.yml", b"title: [a, b]\nurl: ~\nbaseurl: 2020\n")
    write(site / "_data/topics/05-odd.yaml", b"name: 2020\nkeywords: one\nparent: {a: b}\n")
    repository = open_repository(site)

    assert repository.site == SiteDescription(baseurl="2020")
    assert [topic.name for topic in repository.description.topics] == ["Tools", "2020"]


def test_follows_no_link_to_a_description(site: Path, tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.yaml", b"name: secret\n")
    (site / "_data/topics/06-link.yaml").symlink_to(secret)

    assert len(open_repository(site).description.topics) == 1
