"""A site with six stories in a git repository that a robot keeps writing to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from articles.models import Site
from articles.sync import begin, sync
from tests.gitting import Git
from tests.importer.newsroom import CONFIG, entry, story


def _path(name: str) -> str:
    return f"_news/2026-03-02-{name}.md"


AN = _path("alpha")
"""A single story that is not live."""


@dataclass
class Newswire:
    """The robot's checkout, the copy on a server if there is one, and the site."""

    robot: Git
    copy: Git | None
    site: Site

    single = _path("beta")
    """A single story, not live."""
    live = _path("live")
    """A single story that is live."""
    group = (_path("one"), _path("three"), _path("two"))
    """Three stories of one event, the lead first."""
    paths = (AN, single, live, *group)

    @classmethod
    def new(cls, folder: Path, *, remote: bool) -> Newswire:
        """Connected and synced."""
        robot = Git.new(folder / "robot")
        robot.write("_config.yml", CONFIG.encode())
        robot.write(AN, story("alpha", title="Alpha news"))
        robot.write(cls.single, story("beta", title="Beta news"))
        robot.write(cls.live, story("live", quality=90, heat=90, published=True))
        event = {"one": 80, "two": 60, "three": 50}
        for name, quality in event.items():
            others = [entry(n, quality=q) for n, q in event.items() if n != name]
            leads = name == "one"
            heat = 120 if leads else -1
            robot.write(
                _path(name), story(name, others, quality=quality, heat=heat, published=leads)
            )
        robot.commit()
        copy = robot.bare(folder / "copy.git") if remote else None
        site = Site.objects.create(slug="harbour", location=str((copy or robot).folder))
        sync(begin(site))
        return cls(robot, copy, Site.objects.get())

    @property
    def place(self) -> Git:
        """Where the site reads and writes."""
        return self.copy or self.robot

    def says(self, message: str) -> None:
        """The robot commits what it has changed, and sends it."""
        self.robot.commit(message)
        if self.copy:
            self.robot.push()

    def head(self) -> str:
        """The newest commit of the repository."""
        return self.place.run("rev-parse", "main").strip()

    def seen(self, *words: str) -> str:
        """What a git command says about the repository."""
        return self.place.run(*words)

    def text(self, path: str) -> bytes:
        """What a file holds in the newest commit."""
        return self.place.show(path)

    def is_clean(self) -> bool:
        """Whether git finds no fault and no change that is not committed."""
        if self.copy:
            self.robot.pull()
        return self.robot.is_clean()
