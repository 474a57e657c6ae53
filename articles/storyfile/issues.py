"""Every doubt a story file can raise: its code, its sentence, and what it means for Publish.

The codes are stable: editors filter by them, checks and documents name them. The table of what
stops a publication is here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from articles.storyfile.errors import Issue
from articles.storyfile.shapes import Publish

# What would break the public pages, harm their readers, or publish a story nobody can place.
BLOCKING_CODES = frozenset(
    {
        "body.html",
        "body.liquid",
        "date.invalid",
        "date.missing",
        "featured.untrusted",
        "heat.type",
        "image.private_host",
        "images.type",
        "key.publisher_control",
        "name.unsafe",
        "provider.domain",
        "quality.type",
        "title.missing",
        "url.confusable",
        "url.credentials",
        "url.invalid",
        "url.missing",
        "url.private_host",
        "url.unsafe",
    }
)

# Publishing rewrites the date as a full UTC timestamp: the publisher compares dates, texts and
# instants as text when they are mixed, and sorts them wrongly.
NORMALISE_CODES = frozenset({"date.form", "date.no_time", "date.no_zone", "date.quoted"})

SENTENCES: Mapping[str, str] = {
    "body.html": "The text below the front matter holds HTML, which the site would show as it is: "
    "remove the tags.",
    "body.liquid": "The text below the front matter holds {{% or {{{{, which the publisher runs as "
    "a program: remove it.",
    "bool.form": "{field} is written {text!r}, which is read as {value}: write true or false.",
    "date.form": "The date is written {text!r}: write it as {value}.",
    "date.future": "The story is dated {value}, which is still to come: check the date.",
    "date.implausible": "The story is dated {value}, which cannot be right: correct the date.",
    "date.invalid": "{field} is {text!r}, which is no date: write it as 2020-02-20T16:53:00Z.",
    "date.missing": "The story has no date: add when the provider published it.",
    "date.no_time": "The date {text!r} has no time of day; midnight UTC is assumed.",
    "date.no_zone": "The date {text!r} has no time zone; UTC is assumed.",
    "date.quoted": "The date stands in quotes, so the publisher sorts it as text: remove them.",
    "excerpt.long": "The excerpt has {size:,} characters: shorten it to a few sentences.",
    "featured.untrusted": "The featured content is not exactly a YouTube player: it is not run "
    "here, but the site would run it. Replace or remove it.",
    "heat.type": "The heat {text} is no whole number: the public pages would break. Correct it.",
    "image.no_url": "{place} has no address: add its url or remove the image.",
    "image.private_host": "{place} is on a private address ({text}): replace it.",
    "image.size": "{place} needs a width and a height in whole pixels above 0: correct {field}.",
    "images.type": "{place}: the public pages would break. {cure}",
    "int.form": "{field} is written {text!r}, which the publisher reads as {value}: write {value}.",
    "key.duplicate": "The key {text} stands more than once ({value}); only the last one counts. "
    "Delete the others in the file.",
    "key.publisher_control": "The key {text} tells the publisher how or where to show the story: "
    "remove it.",
    "name.bad_date": "The file name {text!r} begins with an impossible date: rename it to begin "
    "like 2020-02-20-.",
    "name.extension": "The file name {text!r} does not end in .md: rename it.",
    "name.no_date": "The file name {text!r} has no date: rename it to begin like 2020-02-20-.",
    "name.no_slug": "The file name {text!r} has no words after its date: add some.",
    "name.unsafe": "The file name {text!r} holds characters that programs may take for commands or "
    "folders: rename it with letters, digits and hyphens.",
    "provider.domain": "The provider's domain {text!r} is no host name: write one like "
    "example.com.",
    "provider.missing": "The story has no provider: add its name and domain.",
    "provider.no_name": "The provider has no name: add it.",
    "provider.type": "The provider must have a name in words and a domain: {cure}",
    "published.missing": "The file does not say whether the story is published, so the site shows "
    "it: add published: true or published: false.",
    "published.type": "published is written {text}, so the site {value}: write true or false "
    "without quotes.",
    "quality.missing": "The story has no quality: add a whole number.",
    "quality.range": "The quality {text} is out of range: write a whole number from 0 on.",
    "quality.type": "The quality {text} is no plain whole number: write one without quotes.",
    "related.duplicate": "Related coverage lists an address more than once ({size} entries too "
    "many): remove the repetitions.",
    "related.fields": "The related entry {text} has odd values. {cure}",
    "related.no_url": "The related entry {text!r} has no address, so it cannot be linked: add "
    "its address.",
    "related.self": "Related coverage lists the story itself: remove that entry.",
    "related.type": "{cure}",
    "secured.malformed": "The encrypted field is damaged; it is kept as it is. Restore it from "
    "the source if it is needed.",
    "text.bidi_control": "The {field} holds invisible marks that reverse the reading direction: "
    "remove them.",
    "text.control": "The {field} holds a line break, tab or control character: write it on one "
    "line.",
    "text.invisible": "The {field} holds invisible characters that can hide words: remove them.",
    "text.type": "The {field} must be a text: put it in quotes on the line of its key.",
    "title.long": "The title has {size:,} characters: shorten it.",
    "title.missing": "The story has no title: write one.",
    "title.type": "The title {text} is read as a number, a date or a yes/no: put it in quotes.",
    "topics.duplicate": "The topic {text!r} is listed more than once: keep one.",
    "topics.empty": "The list of topics has an empty line: remove it.",
    "topics.space": "The topic {text!r} begins or ends with a space: remove it.",
    "topics.type": "The topics must be a list of names in words, one a line: {cure}",
    "url.confusable": "{field} imitates another address with look-alike letters ({text}): check "
    "where it leads and correct it.",
    "url.conflict": "{field} and {text} name different addresses; the first one counts. "
    "Keep the right one.",
    "url.credentials": "{field} hides its real host behind a user name ({text}): correct it.",
    "url.invalid": "{field} is no complete web address ({text}): write it with https://.",
    "url.long": "{field} has {size:,} characters: replace it by a shorter address.",
    "url.missing": "The story has no address: add the address of the article.",
    "url.private_host": "{field} leads to a private address ({text}): replace it.",
    "url.unsafe": "{field} is no web address but a program or a local file ({text}): replace it.",
    "value.trailing_comment": "Everything after # is a comment and missing from the {field}: put "
    "the {field} in quotes.",
}

NOTES: Mapping[str, str] = {
    "body.present": "The story has text below its front matter.",
    "encoding.bom": "The file begins with a byte order mark, which is kept.",
    "heat.unexpected": "The heat {text} does not follow from the quality {value} and {size} "
    "related entries.",
    "url.spaces": "{field} holds a space; links write it as %20, the file keeps it.",
}


def issue(code: str, line: int | None = None, **details: object) -> Issue:
    """Build the issue (or note) of that code with its sentence filled in."""
    sentence = SENTENCES.get(code) or NOTES[code]
    return Issue(code, sentence.format(**details), line)


def is_of_the_text(code: str) -> bool:
    """Say whether a doubt comes from reading a file; others from its name or other stories."""
    return code in SENTENCES and not code.startswith("name.")


def publish_verdict(issues: Iterable[Issue]) -> Publish:
    """Say whether the desk may set `published`, must not, or must rewrite the date with it."""
    codes = {found.code for found in issues}
    if codes & BLOCKING_CODES:
        return "blocked"
    return "normalise" if codes & NORMALISE_CODES else "allowed"


def clipped(text: str, size: int = 60) -> str:
    """Cut a value short, on one line and with nothing invisible in it, for use in a sentence."""
    shown = text if len(text) <= size else text[: size - 1] + "…"
    return shown if shown.isprintable() else ascii(shown)[1:-1]
