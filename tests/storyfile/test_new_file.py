"""new_file: a whole file in the dialect of its site."""

from __future__ import annotations

from dataclasses import replace

import pytest

from articles.storyfile.document import Document
from articles.storyfile.edits import new_file
from articles.storyfile.errors import EditRefused
from articles.storyfile.record import Vocabulary, read_record
from tests.storyfile.samples import (
    SOURCE,
    WEB,
    front,
)


class TestNewFile:
    @pytest.mark.parametrize(("text", "vocabulary"), [(WEB, "web"), (SOURCE, "source")])
    def test_looks_like_a_file_of_the_dialect(self, text: str, vocabulary: Vocabulary) -> None:
        record = read_record(Document.parse(text.encode()))
        secured = text[text.index("secured:") : text.rindex("---")]
        assert new_file(record, vocabulary) == text.replace(secured, "").encode()

    def test_translates_between_the_dialects(self) -> None:
        record = read_record(Document.parse(SOURCE.encode()))
        assert b'webUrl: "https://field.example/owls#count"\nampWebUrl: "' in new_file(
            record, "web"
        )

    def test_carries_every_field_and_the_body(self) -> None:
        record = read_record(Document.parse(WEB.encode()))
        full = replace(
            record,
            removed=True,
            featured_content="<i>\n",
            amp_url="https://a.example/",
            body="# Hi\n",
        )
        again = read_record(Document.parse(new_file(full)))
        for field in (
            "removed",
            "featured_content",
            "amp_url",
            "body",
            "related",
            "images",
            "provider",
        ):
            assert getattr(again, field) == getattr(full, field)

    def test_leaves_out_what_is_not_known(self) -> None:
        record = read_record(Document.parse(front("title: a\npublished: false").encode()))
        assert new_file(record) == b'---\ntitle: "a"\nexcerpt: ""\npublished: false\n\n---\n\n'

    def test_refuses_what_cannot_be_written(self) -> None:
        record = read_record(Document.parse(WEB.encode()))
        for broken in (replace(record, title="\0"), replace(record, body="\n\nlost lines")):
            with pytest.raises(EditRefused):
                new_file(broken)
