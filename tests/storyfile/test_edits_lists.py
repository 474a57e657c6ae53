"""Editing topics and images: the items that stay keep their lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from articles.storyfile.document import Document
from articles.storyfile.edits import apply_edit
from articles.storyfile.record import ImageRecord, read_record
from tests.storyfile.samples import (
    SOURCE,
    WEB,
    edited,
    front,
)

BRIDGE = ImageRecord("https://img.example/bridge.jpg", 1200, 800, "The bridge", True)


class TestTopics:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("topics: []", "topics:\n  - AI\n  - B"),
            ("topics: [] # none", "topics: # none\n  - AI\n  - B"),
            ("topics:", "topics:\n  - AI\n  - B"),
            ("topics: AI", "topics:\n  - AI\n  - B"),
            ('topics: ["AI", C]', 'topics: ["AI", B]'),
            ("topics:\n- 'AI' # first\n- C", "topics:\n- 'AI' # first\n- B"),
            ("topics:\n    - C\n    # about\n    - AI", "topics:\n    - AI\n    - B"),
            ("topics:\n  - [AI, C]", "topics:\n  - AI\n  - B"),
        ],
    )
    def test_keep_their_block_and_style(self, old: str, new: str) -> None:
        text = front(f"title: a\n{old}\nheat: 1")
        assert (
            apply_edit(text.encode(), {"topics": ["AI", "B"]})
            == front(f"title: a\n{new}\nheat: 1").encode()
        )

    def test_go_behind_the_provider_when_there_were_none(self) -> None:
        without = apply_edit(WEB.encode(), {"topics": None}).decode()
        assert "topics" not in without
        after = apply_edit(without.encode(), {"topics": ["Tram"]}).decode()
        assert "height: 50\n\ntopics:\n  - Tram\n\nimages:" in after

    def test_stay_close_in_a_file_without_blank_lines(self) -> None:
        text = front("title: a\nprovider:\n  name: b\nimages:\n- url: c\nsecured: d;e")
        after = apply_edit(text.encode(), {"topics": ["Tram"]}).decode()
        assert "  name: b\ntopics:\n- Tram\nimages:" in after

    def test_that_look_like_something_else_are_quoted(self) -> None:
        names = ["yes", "5G", "1e3", "n", "a: b", "x #y", "- z", "C#", "", "AI, ML", "Größe", " a"]
        after = apply_edit(WEB.encode(), {"topics": names})
        for loader in (yaml.SafeLoader, yaml.CSafeLoader):
            assert yaml.load(Document.parse(after).text, Loader=loader)["topics"] == names
        assert b"  - C#\n" in after
        assert "  - Größe\n".encode() in after


class TestImages:
    def test_change_only_the_line_that_differs(self) -> None:
        assert edited(WEB, {"images": [replace(BRIDGE, title="At dawn")]}) == [
            '-    title: "The bridge"\n',
            '+    title: "At dawn"\n',
        ]
        assert edited(WEB, {"images": [replace(BRIDGE, title=None)]}) == [
            '-    title: "The bridge"\n'
        ]
        assert edited(WEB, {"images": [replace(BRIDGE, attribution="Mira")]}) == [
            '+    attribution: "Mira"\n'
        ]

    def test_keep_unknown_keys_and_order_of_those_that_stay(self) -> None:
        text = front("images:\n  - url: a\n    credit: Mira\n    width: 5\n  - url: b # two")
        images = [ImageRecord("b"), ImageRecord("a", width=6, height=7)]
        assert (
            apply_edit(text.encode(), {"images": images})
            == front(
                "images:\n  - url: b # two\n  - url: a\n    credit: Mira\n"
                "    width: 6\n    height: 7"
            ).encode()
        )

    def test_are_added_in_the_style_of_the_file(self) -> None:
        owl = ImageRecord("https://img.example/owl.jpg", 300, 200)
        new = ImageRecord("/assets/x.png", 1, 2, "Owl: at night", False)
        assert edited(SOURCE, {"images": [owl, new]}) == [
            "+  - url: /assets/x.png\n",
            "+    width: 1\n",
            "+    height: 2\n",
            "+    isCached: false\n",
            '+    title: "Owl: at night"\n',
        ]

    def test_with_odd_values_are_left_as_they_are(self) -> None:
        text = front('images:\n  - url: a\n    width: "648"\n    height: big')
        document = Document.parse(text.encode())
        images = read_record(document).images
        assert images is not None
        assert apply_edit(text.encode(), {"images": list(images)}) == text.encode()
