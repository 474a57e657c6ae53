"""The desk's template tags: `{% load desk %}`.

Icons: `{% icon "inbox" %}`, `{% icon "check" 12 label="Live" %}` (decoration unless labelled),
`{% monogram name "small" %}`, `{{ change.verb|verb_icon }}`, `{{ user|initials }}`,
`{{ user|named }}`.

Text of others: `{{ text|visible }}` (one line), `{{ text|visible_lines }}`, for code that is shown
and never run `{{ text|visible_code }}`, and for an attribute `{{ text|visible_plain }}`.
Addresses: `{% safe_link url "AMP" %}` (text if it must not be a link), `{{ url|host }}`,
`{% picture url 176 132 %}`.

Numbers and times: `{{ count|number }}`, `{{ moment|local_time:"short" }}` (full, zone, short, day),
`{% heat_bar quality heat threshold %}`, `{% heat_words quality heat related threshold %}`,
`{{ wait|span_words }}` (40 minutes),
`{% histogram bins "Stories by quality" %}`, `{% stacked_bars chart "Stories by day" %}`,
`{% meter done total %}`, `{% facet_values facet %}`.

Lists: `{% story_rows rows %}`, `{% member_rows members %}` (see `_row.py`),
`{% live_switch story %}`, `{% nav_link "articles:story_list" "Stories" "inbox" %}`,
`{% without "topic" "Databases" %}` (the query string less one value), `{% only "queue" "site" %}`
(nothing but these), `{% kept_beside filter_fields %}` (all but these as hidden inputs).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest, QueryDict
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import weburl
from articles.models import Story
from articles.models.change import name_of
from articles.places import place
from articles.rows import Members
from articles.templatetags import (
    _charts,
    _facets,
    _heat,
    _icons,
    _markup,
    _members,
    _row,
    _times,
    _visible,
)
from articles.templatetags._markup import fill

register = template.Library()

PLACE = "page"
"""The parameter that names a place in a list; it loses its meaning when a filter changes."""

VERB_ICONS = {
    "publish": "globe",
    "unpublish": "eye-off",
    "decline": "ban",
    "snooze": "alarm-clock",
    "wake": "alarm-clock-off",
    "remove": "trash-2",
    "restore": "rotate-ccw",
    "edit": "pencil",
    "link": "link",
    "unlink": "unlink",
    "lead": "crown",
    "merge": "git-merge",
    "split": "scissors",
    "keep_apart": "unlink-2",
    "allow_together": "link-2",
    "settle": "scale",
    "promote": "file-plus",
    "propose": "hand",
    "imported": "bot",
    "exported": "download",
    "undo": "undo-2",
}

register.filter("visible", _visible.visible)
register.filter("visible_lines", _visible.visible_lines)
register.filter("visible_code", _visible.visible_code)
register.filter("visible_plain", _visible.visible_plain)
register.filter("local_time", _times.local_time)
register.simple_tag(_heat.heat_bar, name="heat_bar")
register.simple_tag(_heat.quality_bar, name="quality_bar")
register.simple_tag(_heat.heat_words, name="heat_words")
register.simple_tag(_facets.facet_values, name="facet_values")
register.simple_tag(_facets.histogram, name="histogram")
register.simple_tag(_heat.meter, name="meter")
register.simple_tag(_charts.stacked_bars, name="stacked_bars")
register.filter("span_words", _times.span_words)
register.simple_tag(_row.picture, name="picture")


@register.simple_tag
def icon(name: str, size: int = 16, extra_class: str = "", label: str = "") -> str:
    """A lucide icon; see `_icons.icon`."""
    return _icons.icon(str(name), size, extra_class, label)


_icon_of_a_page = register.tags["icon"]


@register.tag("icon")
def icon_tag(parser: Parser, token: Token) -> Node:
    """An icon; one that is written out is drawn as the template is read, not with every page."""
    node = _icon_of_a_page(parser, token)
    given = [*node.args, *node.kwargs.values()]
    is_written_out = node.target_var is None and all(map(_is_constant, given))
    return TextNode(node.render(Context())) if is_written_out else node


def _is_constant(given: FilterExpression) -> bool:
    """Whether an argument is a text in quotes or a number."""
    is_text = not given.is_var or given.var.literal is not None
    return is_text and not given.filters


@register.simple_tag
def monogram(name: object, extra_class: str = "") -> SafeString:
    """A provider's letter; see `_icons.monogram`."""
    return _icons.monogram(str(name or "?"), extra_class)


@register.filter
def without_empty_heads(html: SafeString) -> SafeString:
    """A table of Django's admin whose cells that head nothing are no heads."""
    return _markup.replaced(html, r"<th( class=\"original\")?></th>", r"<td\1></td>")


@register.filter
def number(value: object) -> str:
    """A whole number with thousands separated; anything else as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def host(url: object) -> str:
    """The host of an address without `www.`, for the eye; the address itself if it has none."""
    try:
        name = urlsplit(str(url)).hostname
    except ValueError:
        name = None
    return name.removeprefix("www.") if name else str(url)


@register.simple_tag
def safe_link(
    url: object, text: object = "", extra_class: str = "", command: str = ""
) -> SafeString | str:
    """A link to the outside; an unsafe address is shown as text and never becomes a link.

    `command` names the keyboard command that follows the link (`original`).
    """
    if not url:
        return ""
    href = weburl.safe_href(str(url))
    if not href:
        return format_html('<span class="url-unsafe">{}</span>', _visible.visible(url))
    return format_html(
        '<a href="{}" class="{}" target="_blank" rel="noopener noreferrer nofollow"{}>{}{}</a>',
        href,
        f"outside {extra_class}".strip(),
        format_html(' data-command="{}"', command) if command else "",
        _visible.visible(text or url),
        _icons.icon("external-link", 12),
    )


@register.simple_tag(takes_context=True)
def story_rows(context: Context, rows: Iterable[_row.Row]) -> SafeString:
    """All rows of a list, in one go."""
    viewer = _viewer(context)
    return _markup.joined(_members.group_rows(row, viewer) for row in rows)


@register.simple_tag(takes_context=True)
def member_rows(context: Context, members: Members) -> SafeString:
    """The members of a group, to stand beneath the row of their lead."""
    return _members.member_rows(members, _viewer(context))


def _viewer(context: Context) -> _row.Viewer:
    may, preview = context["perms"]["articles"], context.get("preview")
    return _row.Viewer(
        may_publish=may["publish_stories"],
        may_pick=may["edit_stories"],
        current=preview.pk if preview else None,
        list_url=_list_url(context["request"]),
    )


def _list_url(request: HttpRequest) -> str:
    """The list as it is, with every group folded, to be continued with another parameter.

    A row that answers a form belongs to the list that the form names as `next`.
    """
    is_list = request.method in {"GET", "HEAD"}
    query = request.GET if is_list else QueryDict(request.POST.get("next", "").partition("?")[2])
    kept = query.copy()
    kept.pop("open", None)
    return f"{place('articles:story_list')}?{kept.urlencode()}{'&' if kept else ''}"


@register.simple_tag(takes_context=True)
def live_switch(context: Context, story: Story) -> SafeString:
    """The published switch of one story, fixed where the reader may not change it."""
    blocked = not story.published and story.publish_gate == Story.Gate.BLOCKED
    may = context["perms"]["articles"]["publish_stories"]
    if not may or blocked or story.locked or not story.has_file:
        return _row.fixed_switch(story.published, blocked)
    title = _visible.visible_plain(story.title)
    return _row.switch(story.pk, story.version, story.published, title)


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context, name: str, text: str, icon_name: str = "", size: int = 16
) -> SafeString:
    """A link of the main navigation; marked when the page belongs to it."""
    href, path = place(name), context["request"].path
    here = path == href or (href != place("articles:home") and path.startswith(href))
    current = f' aria-current="{"page" if path == href else "true"}"' if here else ""
    picture = _icons.icon(icon_name, size) if icon_name else ""
    return fill(f'<a href="{{}}"{current}>{picture}{{}}</a>', href, text)


@register.filter
def initials(user: AbstractBaseUser | AnonymousUser) -> str:
    """Two letters for a person: of the full name, else of the user name."""
    names = getattr(user, "get_full_name", lambda: "")().split() or [user.get_username()]
    first, last = names[0], names[-1]
    return (first[:1] + last[:1] if len(names) > 1 else first[:2]).upper()


@register.filter
def named(user: User | None) -> SafeString:
    """A person as the log names them, apart from the text around; "somebody" once they are gone."""
    return fill("<bdi>{}</bdi>", _visible.visible(name_of(user) if user else "somebody"))


@register.filter
def verb_icon(verb: str) -> str:
    """The icon of an event in a story's history."""
    return VERB_ICONS[verb]


@register.simple_tag(takes_context=True)
def only(context: Context, *names: str) -> str:
    """The page's query string with nothing but some parameters: the list without its filters."""
    query = context["request"].GET.copy()
    for name in [name for name in query if name not in names]:
        del query[name]
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def kept_beside(context: Context, names: Iterable[str]) -> SafeString:
    """All parameters of the page as hidden inputs, but those that the form has fields for."""
    query = context["request"].GET
    kept = [name for name in query if name not in {*names, PLACE, "open"}]
    pairs = [(name, value) for name in kept for value in query.getlist(name) if value]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.filter
def spaced(name: str) -> str:
    """The name of a count as words: `with_issues` is "with issues"."""
    return str(name).replace("_", " ")


@register.simple_tag(takes_context=True)
def without(context: Context, name: str, value: Any = None) -> str:
    """The page's query string less one value of a parameter (less all of them without `value`)."""
    query = context["request"].GET.copy()
    kept = [] if value is None else [each for each in query.getlist(name) if each != str(value)]
    query.setlist(name, kept)
    for gone in (PLACE, *(() if kept else (name,))):
        query.pop(gone, None)
    return f"?{query.urlencode()}"
