"""apply_edit: only what is named changes, in the file's own style."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from articles.storyfile.document import DEFAULT_LIMITS, Document
from articles.storyfile.edits import RelatedEdit, apply_edit, edit_related_entries
from articles.storyfile.errors import EditRefused, StoryFileError
from articles.storyfile.pieces import edit_head, edit_lines
from articles.storyfile.record import ImageRecord, read_record
from tests.storyfile.samples import (
    SOURCE,
    WEB,
    diff,
    edited,
    front,
    hostile_files,
    long_story,
    related,
)

BRIDGE = ImageRecord("https://img.example/bridge.jpg", 1200, 800, "The bridge", True)


ORIGINAL = '-originalUrl: "https://courier.example/2021/bridge?utm_source=feed"\n'


@pytest.mark.parametrize("text", [WEB, SOURCE])
def test_leaves_the_file_alone_when_nothing_is_edited(text: str) -> None:
    assert apply_edit(text.encode(), {}) == text.encode()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"published": True}, ["-published: false\n", "+published: true\n"]),
        ({"heat": -1}, ["-heat: 101\n", "+heat: -1\n"]),
        ({"quality": 7}, ["-quality: 61\n", "+quality: 7\n"]),
        ({"kind": "video"}, ["-type: article\n", "+type: video\n"]),
        (
            {"title": 'He said "no": #1\tand \\ more\n\u2028'},
            [
                '-title: "Harbour bridge reopens: \\"a long wait\\""\n',
                '+title: "He said \\"no\\": #1\\tand \\\\ more\\n\\u2028"\n',
            ],
        ),
        (
            {"published_at": datetime(2021, 3, 4, 6, 6, 7, tzinfo=timezone(timedelta(hours=2)))},
            [
                "-publishedDateTime: 2021-03-04T05:06:07Z\n",
                "+publishedDateTime: 2021-03-04T04:06:07Z\n",
            ],
        ),
        (
            {"web_url": "https://courier.example/b"},
            [
                '-webUrl: "https://courier.example/2021/bridge"\n',
                '+webUrl: "https://courier.example/b"\n',
            ],
        ),
        ({"removed": True}, ["+removed: true\n"]),
        (
            {"amp_url": "https://courier.example/amp"},
            ['+ampWebUrl: "https://courier.example/amp"\n'],
        ),
        ({"original_url": ""}, [ORIGINAL]),
        ({"original_url": None}, [ORIGINAL]),
        ({"featured_content": "<b>"}, ["+\n", '+featuredContent: "<b>"\n']),
        (
            {"topics": ["Transport", "C++", "5"]},
            ["-  - Public Works\n", "+  - C++\n", '+  - "5"\n'],
        ),
        ({"topics": []}, ["-topics:\n", "-  - Transport\n", "-  - Public Works\n", "-\n"]),
    ],
)
def test_changes_only_the_lines_of_the_field(
    changes: Mapping[str, object], expected: list[str]
) -> None:
    assert sorted(edited(WEB, changes)) == sorted(expected)


def test_writes_plain_addresses_and_old_keys_in_the_source_dialect() -> None:
    assert edited(SOURCE, {"web_url": "https://field.example/o?a=b#c"}) == [
        "-sourceUrl: https://field.example/owls#count\n",
        "+sourceUrl: https://field.example/o?a=b#c\n",
    ]
    without = apply_edit(SOURCE.encode(), {"amp_url": None}).decode()
    assert edited(without, {"amp_url": "https://field.example/a"}) == [
        "+ampUrl: https://field.example/a\n"
    ]


def test_quotes_an_address_that_is_not_safe_without() -> None:
    assert edited(SOURCE, {"web_url": "https://field.example/a: b #c"})[1] == (
        '+sourceUrl: "https://field.example/a: b #c"\n'
    )


def test_puts_a_new_line_behind_its_conventional_predecessor() -> None:
    lines = apply_edit(WEB.encode(), {"removed": True, "amp_url": "https://a.example/"}).decode()
    keys = [line.split(":")[0] for line in lines.splitlines()[:16]]
    assert keys.index("ampWebUrl") == keys.index("webUrl") + 1
    assert keys.index("removed") == keys.index("published") + 1


@pytest.mark.parametrize(
    ("changes", "back"),
    [
        ({"removed": True}, {"removed": None}),
        ({"featured_content": "<i>"}, {"featured_content": None}),
        ({"published": True}, {"published": False}),
        ({"images": None}, {"images": [BRIDGE]}),
        ({"topics": []}, {"topics": ["Transport", "Public Works"]}),
        ({"amp_url": "https://x.example/"}, {"amp_url": ""}),
        ({"title": "x"}, {"title": 'Harbour bridge reopens: "a long wait"'}),
    ],
)
def test_comes_back_to_the_same_bytes(
    changes: Mapping[str, object], back: Mapping[str, object]
) -> None:
    there = apply_edit(WEB.encode(), changes)
    assert there != WEB.encode()
    assert apply_edit(there, back) == WEB.encode()


def test_keeps_windows_line_ends_and_byte_order_mark() -> None:
    data = b"\xef\xbb\xbf" + WEB.replace("\n", "\r\n").encode()
    after = apply_edit(data, {"published": True, "removed": True, "topics": ["Tram"]})
    assert after.startswith(b"\xef\xbb\xbf---\r\n")
    assert after.count(b"\n") == after.count(b"\r\n") == data.count(b"\r\n")
    joined = edit_related_entries(data, add=[related()])
    assert joined.count(b"\n") == joined.count(b"\r\n") > data.count(b"\r\n")
    assert edit_related_entries(joined, remove_urls=[related().url]) == data


def test_keeps_body_comments_unknown_keys_and_odd_spelling() -> None:
    text = (
        "---\n# a note\ncategory:   news # why\ntitle : 'It''s here'\nx-mine: {a: [1, 2]}\n"
        "published:    no   # not yet\n\n\nworkflow:\n  - step: 1\n...\n\n# Body\n---\n"
    )
    assert edited(text, {"published": True}) == [
        "-published:    no   # not yet\n",
        "+published:    true   # not yet\n",
    ]
    assert edited(text, {"title": "It's there"}) == [
        "-title : 'It''s here'\n",
        '+title : "It\'s there"\n',
    ]
    assert edited(text, {"category": "local"}) == [
        "-category:   news # why\n",
        "+category:   local # why\n",
    ]


@pytest.mark.parametrize(
    "old",
    [
        "|\n  A\n  folded\n\n  headline\n",
        ">-\n  A\n  headline\n",
        "A headline\n  over lines\n",
        '"A headline\n  over lines"\n',
        "'A'\n",
        "A # cut\n",
        "\n  A\n",
        "2020\n",
        "~\n",
        "\n",
        "[A, B]\n",
    ],
)
def test_rewrites_a_headline_of_any_form_as_one_quoted_line(old: str) -> None:
    text = front(f"heat: 1\ntitle: {old}\npublished: true # yes")
    after = apply_edit(text.encode(), {"title": "New"}).decode()
    comment = " # cut" if "# cut" in old else ""
    assert f'"New"{comment}\n\npublished: true # yes\n' in after
    assert re.sub(r"\s+", " ", after).startswith('--- heat: 1 title: "New"')


def test_keeps_the_comment_of_a_block_scalar() -> None:
    text = front("title: | # from the wire\n  A\n  B\nheat: 1")
    after = apply_edit(text.encode(), {"title": "New"})
    assert after == front('title: "New" # from the wire\nheat: 1').encode()


@pytest.mark.parametrize(
    "old", ["TRUE", '"true"', "'no'", "0", "", "null", "y", "[false]", "!!bool true", "False # x"]
)
def test_switches_published_as_a_bare_word(old: str) -> None:
    after = apply_edit(front(f"heat: 1\npublished: {old}\nx: y").encode(), {"published": False})
    if old == "False # x":
        assert b"published: False # x\n" in after
    else:
        assert after == front("heat: 1\npublished: false\nx: y").encode()


@pytest.mark.parametrize(
    "old",
    [
        '"2021-03-04T05:06:07Z"',
        "2021-03-04",
        "2021-03-04 05:06:07",
        "2021-03-04t05:06:07z",
        "soon",
    ],
)
def test_writes_an_instant_in_full_whatever_stood_there(old: str) -> None:
    data = front(f"title: a\npublishedDateTime: {old}").encode()
    after = apply_edit(data, {"published_at": datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)})
    assert after == front("title: a\npublishedDateTime: 2021-03-04T05:06:07Z").encode()


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("title", "title: Plain as it is # cut"),
        ("title", "title: |-\n  Plain as it is"),
        ("quality", "quality: 38"),
        ("published", "published: True"),
    ],
)
def test_leaves_the_spelling_of_a_value_that_is_already_so(field: str, line: str) -> None:
    values = {
        "title": "Plain as it is",
        "quality": 38,
        "published": True,
        "web_url": "https://a.example/",
    }
    data = front(f"category: news\n{line}").encode()
    assert apply_edit(data, {field: values[field]}) == data


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("title: &t A\nother: *t", {"title": "B"}),
        ("other: &t A\ntitle: *t", {"title": "B"}),
        ("base: &b {title: A}\n<<: *b", {"title": "B"}),
        ("title: A\ntitle: B", {"title": "C"}),
        ('published: true\n"published": false', {"published": True}),
        ("{title: A, heat: 1}", {"title": "B"}),
        ("title:\n  - A", {"title": "B"}),
        ("topics:\n  a: b", {"topics": ["A"]}),
        ("topics: &t [A]\nx: *t", {"topics": ["B"]}),
        ("related: some text", {"related": RelatedEdit(add=(related(),))}),
        ("related:\n  title: x", {"related": RelatedEdit(add=(related(),))}),
        ("related: [{webUrl: a}]", {"related": RelatedEdit(add=(related(),))}),
        ("images: [{url: a}]", {"images": [BRIDGE]}),
        ("images:\n  -\n    url: a\n", {"images": [BRIDGE]}),
        ("title: A", {"title": None}),
        ("title: A", {"title": "nul \0"}),
        ("title: A", {"title": "half \ud83d"}),
        ("title: A", {"title": 7}),
        ("title: A", {"heat": "7"}),
        ("title: A", {"heat": True}),
        ("title: A", {"published": 1}),
        ("title: A", {"published_at": "2020-01-01"}),
        ("title: A", {"published_at": datetime(2020, 1, 1)}),  # noqa: DTZ001
        ("title: A", {"topics": "AI"}),
        ("title: A", {"topics": [1]}),
        ("title: A", {"images": ["a"]}),
        ("title: A", {"related": [related()]}),
        ("title: A", {"secured": "x"}),
        ("title: A", {"provider": None}),
        ("title: A", {"title": "x" * 1_000_001}),
        ("- a", {"title": "A"}),
    ],
)  # fmt: skip
def test_refuses_what_has_no_safe_spelling(text: str, changes: Mapping[str, object]) -> None:
    with pytest.raises(EditRefused) as caught:
        apply_edit(front(text).encode(), changes)
    assert str(caught.value).endswith((".", ")"))


def test_refuses_an_edit_that_would_break_an_alias_below() -> None:
    text = WEB.replace(
        '  - url: "https://img.example/bridge', '  - url: &pic "https://img.example/bridge'
    )
    text = text.replace("secured:", "extra: *pic\nsecured:")
    with pytest.raises(EditRefused):
        apply_edit(text.encode(), {"images": []})


def test_edits_beside_an_anchor_without_touching_it() -> None:
    text = front("title: &t A\nother: *t\npublished: false")
    assert edited(text, {"published": True}) == ["-published: false\n", "+published: true\n"]


def test_takes_the_newer_key_where_both_dialects_stand() -> None:
    text = front("sourceUrl: https://a.example/1\nwebUrl: https://a.example/2")
    assert edited(text, {"web_url": "https://a.example/3"}) == [
        "-webUrl: https://a.example/2\n",
        "+webUrl: https://a.example/3\n",
    ]


class TestPieces:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("published: false", 'published: false\n"published": true'),
            ("published: false", "published : true\npublished: false"),
            ("secured:", "published: true\nsecured:"),
            ("secured:", '"\\x70ublished": true\nsecured:'),
            ("secured:", "? published\n: true\nsecured:"),
            ("secured:", "<<: {published: true}\nsecured:"),
            ('  - title: "Bridge', '\u2028  - title: "Bridge'),
            ('title: "Harbour', 'x: "open\n  still"\ntitle: "Harbour'),
            ("provider:\n", "provider: # note\n"),
        ],
    )
    def test_are_not_trusted_where_the_file_is_unusual(self, old: str, new: str) -> None:
        data = WEB.replace(old, new, 1).encode()
        edit = {"published": True}
        line = edit_lines(data, edit, DEFAULT_LIMITS)
        try:
            whole = apply_edit(data, edit)
        except EditRefused:
            assert line is None
        else:
            assert line in {None, whole}
            assert read_record(Document.parse(whole)).published

    def test_agree_with_each_other(self) -> None:
        edit = {"published": True, "title": "x", "heat": 9}
        data = WEB.encode()
        lines = edit_lines(data, edit, DEFAULT_LIMITS)
        assert lines == edit_head(data, edit, DEFAULT_LIMITS) == apply_edit(data, edit)
        assert lines is not None

    def test_make_flipping_published_in_a_long_file_cheap(self) -> None:
        text = long_story()
        data, front_matter = text.encode(), Document.parse(text.encode()).text
        assert len(data) > 100_000

        def seconds(work: object) -> float:
            assert callable(work)
            started = time.perf_counter()
            work()
            return time.perf_counter() - started

        whole = min(
            seconds(lambda: yaml.compose(front_matter, Loader=yaml.CSafeLoader)) for _ in range(3)
        )
        flip = min(seconds(lambda: apply_edit(data, {"published": True})) for _ in range(20))
        assert flip * 25 < whole


def test_edits_the_seeds_without_side_effects(corpus: Path) -> None:
    for path in sorted((corpus / "seeds").iterdir()):
        data = path.read_bytes()
        record = read_record(Document.parse(data))
        flipped = apply_edit(data, {"published": not record.published})
        assert len(diff(data, flipped)) == 2
        assert apply_edit(flipped, {"published": record.published}) == data
        renamed = apply_edit(data, {"title": "x"})
        assert apply_edit(renamed, {"title": record.title}) == data
        joined = edit_related_entries(data, add=[related()])
        assert edit_related_entries(joined, remove_urls=[related().url]) == data


def test_edits_the_hostile_files_by_one_line_or_refuses(corpus: Path) -> None:
    refused = set()
    for name, data in hostile_files(corpus).items():
        try:
            live = read_record(Document.parse(data)).published
            flipped = apply_edit(data, {"published": not live})
            titled = apply_edit(data, {"title": "Zebra: crossing #1"})
        except StoryFileError:
            continue
        except EditRefused:
            refused.add(name.rpartition("2020-02-20-")[2])
            continue
        assert read_record(Document.parse(flipped)).published is not live
        assert read_record(Document.parse(titled)).title == "Zebra: crossing #1"
        assert len([line for line in diff(data, flipped) if line[0] == "+"]) == 1, name
        assert len([line for line in diff(data, titled) if line[0] == "+"]) == 1, name
    assert {"keys-dup-title.md", "keys-dup-published.md", "bomb-alias-benign.md"} <= refused
    assert len(refused) < 8
