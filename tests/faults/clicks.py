"""Editors at work, in a process of their own: `python -m tests.faults.clicks WORKERS STOP_FILE`.

Every worker has stories of its own and clicks on them until the stop file appears. What was asked
and what the desk answered is printed as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import django


class _Form(HTMLParser):
    """The fields of a form as a browser would send them back unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, str] = {}
        self._text = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "input" and name and (values.get("type") != "checkbox" or "checked" in values):
            self.data[name] = values.get("value", "")
        elif tag == "textarea":
            self._text, self.data[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in values:
            self.data[self._select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            # A browser drops the line break behind the opening tag.
            self.data[self._text] += data.removeprefix("\n") if not self.data[self._text] else data


def form_on(html: str) -> dict[str, str]:
    """What a form on a page would send."""
    form = _Form()
    form.feed(html)
    return form.data


class Worker:
    """One editor with a browser."""

    def __init__(self, number: int, stories: list[int], stop: Path) -> None:
        from django.contrib.auth.models import User
        from django.test import Client

        self.number = number
        self.stories = stories
        self.stop = stop
        self.client = Client(raise_request_exception=False)
        self.client.force_login(User.objects.get(username="publisher"))
        self.dice = random.Random(number)
        self.clicks: list[dict[str, Any]] = []

    def work(self) -> list[dict[str, Any]]:
        """Click until told to stop."""
        from django.db import connection

        try:
            while not self.stop.exists():
                story = self.dice.choice(self.stories)
                action = self.dice.choice((self.edit, self.decide, self.look))
                start = time.monotonic()
                kind, status, value = action(story)
                self.clicks.append(
                    {
                        "story": story,
                        "kind": kind,
                        "status": status,
                        "value": value,
                        "seconds": time.monotonic() - start,
                    }
                )
        finally:
            connection.close()
        return self.clicks

    def edit(self, story: int) -> tuple[str, int, Any]:
        """Write another headline."""
        address = f"/stories/{story}/edit/"
        page = self.client.get(address)
        if page.status_code != 200:
            return "form", page.status_code, None
        title = f"Click {self.number}.{len(self.clicks)}"
        answer = self.client.post(address, {**form_on(page.content.decode()), "title": title})
        return "edit", answer.status_code, title

    def decide(self, story: int) -> tuple[str, int, Any]:
        """Publish or unpublish."""
        from articles.models import Story

        wanted = self.dice.random() < 0.5
        verb = "publish" if wanted else "unpublish"
        version = Story.objects.get(pk=story).version
        answer = self.client.post(f"/stories/{story}/{verb}/", {"version": version})
        return "decide", answer.status_code, wanted

    def look(self, story: int) -> tuple[str, int, Any]:
        """Open the list and the story."""
        statuses = [
            self.client.get(address).status_code for address in ("/stories/", f"/stories/{story}/")
        ]
        return "look", max(statuses), None


def main(workers: int, stop: Path) -> None:
    """Click with several workers at once."""
    django.setup()
    from articles.models import Story

    stories = list(Story.objects.exclude(path=None).order_by("pk").values_list("pk", flat=True))
    crew = [Worker(number, stories[number::workers], stop) for number in range(workers)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with ThreadPoolExecutor(workers) as pool:
        clicks = [click for done in pool.map(Worker.work, crew) for click in done]
    sys.stdout.write(json.dumps(clicks))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
