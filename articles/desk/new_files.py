"""Files that the next export will write for the first time."""

from __future__ import annotations

from articles.desk.drafts import Draft
from articles.desk.errors import Blocked
from articles.desk.files import parts_of
from articles.filing import new_record, vocabulary_of
from articles.storyfile.edits import new_file
from articles.storyfile.errors import EditRefused
from articles.storyfile.issues import publish_verdict
from articles.storyfile.reader import StoryReader


def find_problems(draft: Draft) -> None:
    """Find the problems of a file that is not written yet, by reading what it will be.

    Related coverage stays aside: it raises no doubt. Raises Blocked where the file
    cannot be written.
    """
    story = draft.story
    wanted = new_record(story, parts_of([draft], whole=True))
    try:
        record = StoryReader().read(new_file(wanted, vocabulary_of(story)))
    except EditRefused as error:
        raise Blocked(story, [str(error)]) from error
    draft.findings = [(issue.code, issue.line, issue.message) for issue in record.issues]
    story.publish_gate = publish_verdict(record.issues)
    story.issue_count = len(record.issues)
