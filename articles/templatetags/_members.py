"""The members of a group, unfolded beneath the row of their lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from articles.places import place_of
from articles.templatetags._heat import quality_bar
from articles.templatetags._icons import icon
from articles.templatetags._markup import fill, joined
from articles.templatetags._row import (
    Row,
    Viewer,
    badge,
    live_control,
    pick,
    story_row,
)
from articles.templatetags._times import local_time
from articles.templatetags._visible import visible, visible_plain

if TYPE_CHECKING:
    from articles.rows import Members


def group_rows(row: Row, viewer: Viewer) -> SafeString:
    """The row of one story, and those of its members where they are unfolded."""
    html = story_row(row, viewer)
    return html if row["members"] is None else html + member_rows(row["members"], viewer)


def member_rows(members: Members, viewer: Viewer) -> SafeString:
    """A `<tr>` for each member, and one that leads to those that are not shown."""
    rows = joined(member_row(row, viewer, members.story_id) for row in members.rows)
    return rows + _more(members, viewer) if members.more else rows


def member_row(row: Row, viewer: Viewer, lead_id: int) -> SafeString:
    """The `<tr>` of one member. `lead_id` is the row it stands beneath."""
    title = row["title"] or "(no title)"
    pk, version = int(row["id"]), int(row["version"])
    return fill(
        f'<tr class="member{"" if row["published"] else " off"}" id="member-{pk}" role="row"'
        f' data-id="{pk}" data-version="{version}" data-lead="{int(lead_id)}"'
        f' data-preview="{viewer.address("story_preview", pk)}">'
        f"{pick(pk, version) if viewer.may_pick else ''}"
        '<td class="c-thumb" role="cell"><span class="elbow"></span></td>'
        '<th class="c-story" role="rowheader" scope="row">'
        f'<a class="headline" href="{viewer.address("story_detail", pk)}">'
        '<b class="who">{who}</b> {headline}</a><span class="meta">{when}{badges}</span></th>'
        '<td class="c-heat" role="cell">{quality}</td>'
        f'<td class="c-acts" role="cell" colspan="2">{_buttons(row, viewer)}</td></tr>',
        title=visible_plain(title),
        headline=visible(title),
        who=visible(row["provider_name"] or "(no provider)"),
        when=local_time(row["published_at"], "short"),
        badges=joined(map(badge, _badges(row))),
        quality=_quality(row["quality"], row["site__publish_threshold"]),
    )


def _badges(row: Row) -> Iterator[str]:
    if row["path"] is None:
        yield "no file"
    if row["published"]:
        yield "live"
    if row["decision"] == "declined":
        yield "declined"


def _quality(quality: int | None, threshold: int) -> SafeString:
    return fill(
        '<span class="heat faint">{}<b><span class="sr">quality </span>{}</b></span>',
        quality_bar(quality, threshold),
        "?" if quality is None else quality,
    )


def _buttons(row: Row, viewer: Viewer) -> str:
    """Make lead, unlink, publish: for those who may."""
    buttons = ""
    if viewer.may_pick:
        buttons += _button("lead", "crown", "Make this the lead", row, viewer)
        buttons += _button("unlink", "unlink", "Unlink", row, viewer)
    return buttons + live_control(row, viewer)


def _button(command: str, picture: str, words: str, row: Row, viewer: Viewer) -> str:
    where = viewer.address(f"story_{command}", int(row["id"]))
    return (
        f'<button class="icon-button" form="act" name="version" value="{int(row["version"])}"'
        f' formaction="{where}" data-command="{command}"'
        f' aria-label="{words}: {{title}}" title="{words}">{icon(picture, 15)}</button>'
    )


def _more(members: Members, viewer: Viewer) -> SafeString:
    """The row that shows the others; without JavaScript the group's own page has all of them."""
    shown = members.after + len(members.rows)
    pick_cell = '<td class="c-pick" role="cell"></td>' if viewer.may_pick else ""
    return fill(
        f'<tr class="member more" role="row" data-lead="{{}}">{pick_cell}'
        '<td class="c-thumb" role="cell">'
        '<span class="elbow last"></span></td><td class="c-story" role="cell" colspan="4">'
        '<a href="{}" hx-get="{}?after={}" hx-target="closest tr" hx-swap="outerHTML">'
        "{} more in this coverage</a></td></tr>",
        members.story_id,
        place_of("articles:coverage_detail", members.coverage_id or 0),
        viewer.address("story_members", members.story_id),
        shown,
        members.more,
    )
