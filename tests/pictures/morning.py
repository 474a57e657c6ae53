"""A morning's work in the demo newsroom, done by the desk's own verbs."""

from __future__ import annotations

from django.contrib.auth.models import User

from articles import desk
from articles.models import Change, Story, Verb


def work() -> dict[str, int]:
    """Edit, link, publish, decline; what addresses of pictures name."""
    people = {user.username: user for user in User.objects.all()}
    lead = Story.objects.filter(coverage__isnull=False, is_lead=True).newest_first()[0]
    fresh = list(_undecided()[:9])
    _robot_follows(fresh[8])
    desk.edit(lead, {"title": "The barrage feeds its first power into the grid"}, by=people["cleo"])
    desk.edit(lead, {"excerpt": "Eleven years after the vote."}, by=people["bo"])
    desk.decline(fresh[0], by=people["cleo"], reason="advertising")
    desk.decline(fresh[1], by=people["bo"], reason="not for us")
    chosen = Story.objects.filter(pk__in=[story.pk for story in fresh[2:6]])
    desk.publish_many(chosen, by=people["bo"])
    desk.edit(fresh[6], {"excerpt": "What it means for the coast."}, by=people["cleo"])
    return {"edited": lead.pk, "group": lead.coverage_id or 0, "fresh": fresh[7].pk}


def _undecided() -> list[Story]:
    found = Story.objects.filter(coverage=None, published=False, path__isnull=False, decision="")
    safe = found.exclude(publish_gate=Story.Gate.BLOCKED).exclude(locked=True)
    return list(safe.newest_first())


def _robot_follows(story: Story) -> None:
    Change.objects.create(
        actor_name="import",
        verb=Verb.IMPORTED,
        site=story.site,
        story=story,
        before={"heat": story.heat, "title": f"{story.title} (first version)"},
        after={"heat": story.heat, "title": story.title},
    )
