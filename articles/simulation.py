"""What another heat rule would show and hide over a whole site, before anybody changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual

from articles.models import Site, Story, StoryQuerySet
from articles.rules import HeatRule

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Simulation:
    """The leads whose state a rule would change: how many, and the hottest of them.

    Each story has `heat_then`, the heat by the other rule, and `heat_now` by the rule of the site.
    """

    rule: HeatRule
    dropping: int
    rising: int
    drops: list[Story]
    rises: list[Story]


def simulate(site: Site, rule: HeatRule) -> Simulation:
    """Compare another rule with the site's over all leads with a file. Four queries.

    What a person decided stays, and so does what does not follow the site's rule today: the queue
    of repairs lists it.
    """
    leads = _undecided_leads(site)
    today, then = _publishes(site.rule), _publishes(rule)
    drops = leads.live().filter(today, ~Q(then))
    rises = leads.not_live().filter(~Q(today), then)
    return Simulation(
        rule,
        drops.count(),
        rises.count(),
        _listed(drops, site.rule, rule),
        _listed(rises, site.rule, rule),
    )


def _undecided_leads(site: Site) -> StoryQuerySet:
    leads = Story.objects.of_site(site.pk).with_file()
    undecided = leads.filter(
        is_lead__in=[True],
        removed__in=[False],
        decision="",
        quality__isnull=False,
        missing_since=None,
        locked__in=[False],
    )
    return undecided.exclude(publish_gate=Story.Gate.BLOCKED)


def _publishes(rule: HeatRule) -> GreaterThanOrEqual:
    return GreaterThanOrEqual(_heat(rule), rule.publish_threshold)


def _heat(rule: HeatRule) -> ExpressionWrapper[Any]:
    """`HeatRule.heat` as an expression."""
    bonus = Case(
        When(quality__gte=rule.quality_floor, then=F("related_count") * rule.related_weight),
        default=Value(0),
        output_field=IntegerField(),
    )
    return ExpressionWrapper(F("quality") + bonus, output_field=IntegerField())


def _listed(stories: StoryQuerySet, now: HeatRule, then: HeatRule) -> list[Story]:
    hottest = stories.light().defer("excerpt").order_by(_heat(then).desc(), "-id")
    return list(hottest.annotate(heat_now=_heat(now), heat_then=_heat(then))[:MOST_LISTED])
