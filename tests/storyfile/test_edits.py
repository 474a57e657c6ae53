"""apply_edit and new_file: only what is named changes, in the file's own style."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml

from articles.storyfile.document import DEFAULT_LIMITS, Document
from articles.storyfile.edits import RelatedEdit, apply_edit, edit_related_entries, new_file
from articles.storyfile.errors import EditRefused, StoryFileError
from articles.storyfile.pieces import edit_entries, edit_head, edit_lines
from articles.storyfile.record import ImageRecord, Vocabulary, read_record
from tests.storyfile.samples import SOURCE, WEB, diff, hostile_files, long_story, related

ORIGINAL = '-originalUrl: "https://courier.example/2021/bridge?utm_source=feed"\n'
BRIDGE = ImageRecord("https://img.example/bridge.jpg", 1200, 800, "The bridge", True)


def edited(text: str, changes: Mapping[str, object]) -> list[str]:
    return diff(text.encode(), apply_edit(text.encode(), changes))


def front(text: str) -> str:
    return f"---\n{text}\n---\n"


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


class TestRelated:
    def test_joins_by_falling_quality_and_leaves_the_same_bytes(self) -> None:
        for quality, before in [
            (90, "Trams"),
            (55, "Bridge works"),
            (21, "Bridge works"),
            (20, ""),
            (None, ""),
        ]:
            after = edit_related_entries(WEB.encode(), add=[related(quality=quality)])
            following = after.decode().split('"Joined"')[1]
            rest = following.split("\n  - title: ")
            assert rest[1].startswith(f'"{before}') if before else len(rest) == 1
            assert edit_related_entries(after, remove_urls=[related().url]) == WEB.encode()

    def test_writes_an_entry_as_the_files_do(self) -> None:
        assert diff(WEB.encode(), edit_related_entries(WEB.encode(), add=[related()])) == [
            '+  - title: "Joined"\n',
            '+    excerpt: "Two lines\\nof text"\n',
            "+    publishedDateTime: 2021-03-04T09:00:00Z\n",
            '+    webUrl: "https://morning.example/bridge"\n',
            "+    type: article\n",
            "+    provider:\n",
            "+      name: Morning Post\n",
            "+      domain: morning.example\n",
            "+    quality: 50\n",
            "+    images:\n",
            '+      - url: "https://img.example/m.jpg"\n',
            "+        width: 10\n",
            "+        height: 20\n",
            "+        isCached: true\n",
        ]

    def test_gets_its_block_before_secured_in_the_file_s_dialect(self) -> None:
        after = edit_related_entries(SOURCE.encode(), add=[related()])
        assert b'    height: 200\n\nrelated:\n  - title: "Joined"\n' in after
        assert b"    sourceUrl: https://morning.example/bridge\n" in after
        assert b"        isCached: true\n\nsecured: " in after
        assert edit_related_entries(after, remove_urls=[related().url]) == SOURCE.encode()

    def test_goes_with_its_blank_line_when_the_last_entry_leaves(self) -> None:
        urls = ["https://daily.example/trams", "https://gazette.example/works"]
        after = edit_related_entries(WEB.encode(), remove_urls=urls).decode()
        assert after.endswith(
            '    title: "The bridge"\n\nsecured: "QUJDREVGR0g=;SUpLTE1OT1A="\n---\n\n'
        )

    def test_rewrites_only_the_line_of_an_empty_list(self) -> None:
        text = WEB[: WEB.index("related:")] + 'related: [] # none\n\nsecured: "a;b"\n---\n'
        lines = diff(text.encode(), edit_related_entries(text.encode(), add=[related()]))
        assert lines[:2] == ["-related: [] # none\n", "+related: # none\n"]
        assert [line[0] for line in lines[2:]] == ["+"] * 14

    def test_removes_every_copy_and_nothing_else(self) -> None:
        twice = edit_related_entries(WEB.encode(), add=[related()]).decode()
        start = twice.index('  - title: "Joined"')
        block = twice[start : twice.index("  - title", start + 5)]
        twice = twice.replace("\nsecured", block + "\nsecured")
        assert twice.count('"Joined"') == 2
        assert edit_related_entries(twice.encode(), remove_urls=[related().url]) == WEB.encode()

    def test_does_not_add_what_is_there(self) -> None:
        known = related("https://daily.example/trams")
        assert edit_related_entries(WEB.encode(), add=[known]) == WEB.encode()
        assert edit_related_entries(SOURCE.encode()) == SOURCE.encode()

    def test_keeps_entries_of_any_shape_that_stay(self) -> None:
        text = front(
            "related:\n- 'https://bare.example/' # bare\n- null\n\n"
            "- title: >\n    long\n    title\n  quality: high\n  webUrl: https://odd.example/\n"
            "# note\n- {webUrl: a, quality: 9}\nheat: 1"
        )
        after = edit_related_entries(text.encode(), add=[related(quality=None)])
        assert [line for line in diff(text.encode(), after) if line[0] == "-"] == []
        assert edit_related_entries(after, remove_urls=[related().url]) == text.encode()
        gone = edit_related_entries(text.encode(), remove_urls=["https://bare.example/", "a"])
        assert [line for line in diff(text.encode(), gone) if line[0] == "+"] == []
        assert b"bare.example" not in gone

    def test_is_edited_together_with_other_fields(self) -> None:
        changes = {"related": RelatedEdit(add=(related(),)), "heat": 121, "published": True}
        lines = edited(WEB, changes)
        assert "+heat: 121\n" in lines
        assert '+  - title: "Joined"\n' in lines
        assert len(lines) == 4 + 14

    def test_gives_the_same_by_pieces_as_by_the_whole_file(self) -> None:
        edit = RelatedEdit(frozenset({"https://daily.example/trams"}), (related(),))
        by_pieces = edit_entries(WEB.encode(), edit, DEFAULT_LIMITS)
        # A comment in column 0 is one of the things that send an edit to the whole file.
        commented = WEB.replace("secured:", "# end\nsecured:").encode()
        assert edit_entries(commented, edit, DEFAULT_LIMITS) is None
        assert by_pieces is not None
        assert apply_edit(commented, {"related": edit}).replace(b"# end\n", b"") == by_pieces


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
