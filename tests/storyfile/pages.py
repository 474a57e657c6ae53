"""One invented story, and ways to change a line of it or take one away."""

from __future__ import annotations

from datetime import UTC, datetime

from articles.storyfile.document import Document
from articles.storyfile.record import StoryRecord, read_record

NOW = datetime(2022, 6, 1, tzinfo=UTC)

LINES = {
    "category": "news",
    "title": '"Owls count 40 pairs"',
    "excerpt": '"Volunteers listened for nine nights."',
    "publishedDateTime": "2021-03-04T05:06:07Z",
    "webUrl": '"https://lantern.example/owls"',
    "type": "article",
    "quality": "61",
    "heat": "61",
    "published": "false",
    "provider": "\n  name: Lantern\n  domain: lantern.example",
    "topics": "\n  - Nature\n  - Public Works",
}

RELATED = """
  - title: "Trams return"
    excerpt: "At dawn."
    publishedDateTime: 2021-03-04T07:00:00Z
    webUrl: "https://courier.example/trams"
    type: article
    provider:
      name: Courier
      domain: courier.example
    quality: 55"""


def page(body: str = "", **changes: str | None) -> bytes:
    """The story with other values (as they are written), `None` takes a line away."""
    lines = LINES | changes
    text = "".join(
        f"{key}:{'' if value.startswith(chr(10)) else ' '}{value}\n"
        for key, value in lines.items()
        if value is not None
    )
    return f"---\n{text}---\n{body}".encode()


def read(body: str = "", **changes: str | None) -> StoryRecord:
    """The record of that story, read the careful way at a fixed instant."""
    return read_record(Document.parse(page(body, **changes)), now=NOW)


def codes(body: str = "", **changes: str | None) -> list[str]:
    """The codes of its issues."""
    return [found.code for found in read(body, **changes).issues]
