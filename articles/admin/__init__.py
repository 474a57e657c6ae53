"""Django's admin of the newsroom, one file per noun. Writes go through the desk's verbs."""

from articles.admin import change, coverage, provider, run, site, story, topic, user

__all__ = ["change", "coverage", "provider", "run", "site", "story", "topic", "user"]
