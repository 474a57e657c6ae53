"""Why a verb was refused. The text of each error is a sentence for the editor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import models
from articles.models import Story


class DeskError(Exception):
    """A verb that was refused; nothing was written."""


class Stale(DeskError):  # noqa: N818 - a state, told as such
    """Somebody changed the story since the caller saw it. `story` is the present one."""

    def __init__(self, story: Story) -> None:
        self.story = story
        super().__init__(
            _("“%(title)s” was changed meanwhile: look at it again.") % {"title": story}
        )


class Blocked(DeskError):  # noqa: N818 - a state, told as such
    """The story cannot be published or changed as it is; `reasons` are sentences."""

    def __init__(self, story: Story, reasons: Iterable[str]) -> None:
        self.story = story
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class NeedsChoice(DeskError):  # noqa: N818 - a state, told as such
    """A superseded story is to be published: make it the lead first, or publish both."""

    def __init__(self, story: Story) -> None:
        self.story = story
        super().__init__(
            _("“%(title)s” is not the lead of its group: make it the lead, or publish both.")
            % {"title": story}
        )


class KeptApart(DeskError):  # noqa: N818 - a state, told as such
    """Two of the stories are not to be joined; `pair` says who said so, when, why."""

    def __init__(self, pair: models.KeptApart) -> None:
        self.pair = pair
        said = [pair.reason] if pair.reason else []
        if pair.asked_again:
            again = ngettext("asked again once", "asked again %d times", pair.asked_again)
            said.append(again % pair.asked_again if "%" in again else again)
        super().__init__(
            _(
                "%(name)s keeps “%(first)s” and “%(second)s” apart since %(since)s%(said)s: "
                "allow them together first."
            )
            % {
                "name": models.change.name_of(pair.by),
                "first": pair.first,
                "second": pair.second,
                "since": date_format(timezone.localtime(pair.at), "j F Y"),
                "said": f" ({'; '.join(said)})" if said else "",
            }
        )


class Invalid(DeskError):  # noqa: N818 - a state, told as such
    """Values that no story can have; `problems` maps field names to sentences."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


class NotUndoable(DeskError):  # noqa: N818 - a state, told as such
    """A change that cannot be taken back any more; `reason` says why and who is in the way."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
