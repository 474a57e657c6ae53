"""Editing related coverage: entries join and leave, no other line changes."""

from __future__ import annotations

from articles.storyfile.document import DEFAULT_LIMITS
from articles.storyfile.edits import RelatedEdit, apply_edit, edit_related_entries
from articles.storyfile.pieces import edit_entries
from tests.storyfile.samples import (
    SOURCE,
    WEB,
    diff,
    edited,
    front,
    related,
)


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
