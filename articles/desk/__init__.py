"""The desk's verbs: every write that a person causes to stories and groups.

Each is atomic, asks for the right on every object, is written with a version check and recorded
in `Change` with who, when, before and after. Said twice, the second time writes nothing.
"""

from articles.desk.apart import allow_together, keep_apart
from articles.desk.bulk import (
    BulkResult,
    decline_many,
    publish_many,
    snooze_many,
    unpublish_many,
    wake_many,
)
from articles.desk.consequences import (
    Consequence,
    Consequences,
    consequences,
    consequences_of_split,
)
from articles.desk.decisions import decline, propose, publish, remove, restore, unpublish
from articles.desk.editing import edit, give_back
from articles.desk.errors import (
    Blocked,
    DeskError,
    Invalid,
    KeptApart,
    NeedsChoice,
    NotUndoable,
    Stale,
)
from articles.desk.groups import choose_lead, link, unlink
from articles.desk.promotion import promote
from articles.desk.reasons import decline_reasons, give_reason
from articles.desk.settling import Answer, forget_answer, settle_conflicts, token_of
from articles.desk.sleeping import snooze, wake, wake_due
from articles.desk.splitting import adopt, merge, split
from articles.desk.undo import redo_last, undo, undo_last

__all__ = [
    "Answer",
    "Blocked",
    "BulkResult",
    "Consequence",
    "Consequences",
    "DeskError",
    "Invalid",
    "KeptApart",
    "NeedsChoice",
    "NotUndoable",
    "Stale",
    "adopt",
    "allow_together",
    "choose_lead",
    "consequences",
    "consequences_of_split",
    "decline",
    "decline_many",
    "decline_reasons",
    "edit",
    "forget_answer",
    "give_back",
    "give_reason",
    "keep_apart",
    "link",
    "merge",
    "promote",
    "propose",
    "publish",
    "publish_many",
    "redo_last",
    "remove",
    "restore",
    "settle_conflicts",
    "snooze",
    "snooze_many",
    "split",
    "token_of",
    "undo",
    "undo_last",
    "unlink",
    "unpublish",
    "unpublish_many",
    "wake",
    "wake_due",
    "wake_many",
]
