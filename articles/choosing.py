"""What "all that match", "everything above" and "everything below" mean: exactly the stories of the
list at the moment of choosing, as they were then.

A choice is frozen into the page that offers the actions: ids with versions, signed. Stories that
arrive later are not in it. One that was changed or left the list meanwhile still is, and the
action refuses it by name, because its version is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.http import whole_number
from articles.listing import BULK_LIMIT, Listing
from articles.models import Story
from articles.patience import TooSlowError, patience
from articles.streams import Sql

SALT = "articles.choosing"
WHAT = ("all", "above", "below")


class UnreadableChoiceError(ValueError):
    """A choice that this desk did not write."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Stories chosen from a list: ids and versions, and when. `is_too_many`: none, there are more
    than one action takes.
    """

    what: str
    versions: dict[int, int]
    at: datetime
    is_too_many: bool = False

    @property
    def count(self) -> int:
        """How many stories were chosen."""
        return len(self.versions)

    @property
    def token(self) -> str:
        """The choice as a form carries it."""
        return signing.dumps(list(self.versions.items()), salt=SALT, compress=True)

    @property
    def words(self) -> str:
        """The choice as the page names it."""
        if self.is_too_many:
            return _("More than %s: narrow the list") % f"{BULK_LIMIT:,}"
        stories = ngettext("%s story", "%s stories", self.count) % f"{self.count:,}"
        where = {"above": _("above the cursor"), "below": _("below the cursor")}
        return f"{stories} {where.get(self.what, _('that match'))}"


def read(token: str) -> dict[int, int]:
    """Ids and versions of a choice. Raises UnreadableChoiceError."""
    try:
        return {int(pk): int(version) for pk, version in signing.loads(token, salt=SALT)}
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise UnreadableChoiceError(token[:40]) from error


def choice_of(listing: Listing) -> Choice | None:
    """What the address of a list chooses (`choose`, and `from`, the row of the cursor)."""
    what = listing.parameters.get("choose", "")
    if what not in WHAT or not listing.filter.form.is_valid():
        return None
    now = timezone.now()
    try:
        with patience():
            ids = _ids(listing, what)
            versions = _versions(ids) if ids else {}
    except TooSlowError:
        return Choice(what, {}, now, is_too_many=True)
    if len(versions) > BULK_LIMIT:
        return Choice(what, {}, now, is_too_many=True)
    return Choice(what, versions, now)


def _ids(listing: Listing, what: str) -> Sql | None:
    """SQL of the ids chosen, one more than an action takes; above and below without the row."""
    if what == "all":
        return listing.selection.ids(BULK_LIMIT + 1)
    order, pk = listing.order, whole_number(listing.parameters, "from") or 0
    row = Story.objects.filter(pk=pk).values("id", order.column).first()
    if row is None:
        return None
    reading = order if what == "below" else order.backwards
    return listing.selection.ids_beyond(reading, row, BULK_LIMIT + 1)


def _versions(ids: Sql) -> dict[int, int]:
    chosen = Story.objects.filter(id__in=RawSQL(*ids))  # noqa: S611  # nosec B611
    return dict(chosen.values_list("pk", "version"))
