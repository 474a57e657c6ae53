"""The nouns of the newsroom, one file each."""

from articles.models.change import Change, Verb
from articles.models.conflict import Conflict, StandingAnswer
from articles.models.coverage import Coverage
from articles.models.kept_apart import KeptApart
from articles.models.preferences import Density, Preferences, validate_time_zone
from articles.models.presence import Presence
from articles.models.provider import Provider
from articles.models.release import Release, ReleaseFile
from articles.models.saved_view import SavedView
from articles.models.shelf import ShelfItem
from articles.models.site import Site
from articles.models.story import Story, StoryImage, StoryProblem
from articles.models.story_file import StoryFile, TextBlock
from articles.models.story_queries import HEAVY_COLUMNS, StoryQuerySet
from articles.models.suggestion import Suggestion
from articles.models.sync import SyncRun
from articles.models.topic import StoryTopic, Topic, topic_key
from articles.models.word_count import UncountedText, WordCount

__all__ = [
    "HEAVY_COLUMNS",
    "Change",
    "Conflict",
    "Coverage",
    "Density",
    "KeptApart",
    "Preferences",
    "Presence",
    "Provider",
    "Release",
    "ReleaseFile",
    "SavedView",
    "ShelfItem",
    "Site",
    "StandingAnswer",
    "Story",
    "StoryFile",
    "StoryImage",
    "StoryProblem",
    "StoryQuerySet",
    "StoryTopic",
    "Suggestion",
    "SyncRun",
    "TextBlock",
    "Topic",
    "UncountedText",
    "Verb",
    "WordCount",
    "topic_key",
    "validate_time_zone",
]
