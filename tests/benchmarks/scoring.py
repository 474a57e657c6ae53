"""How good suggestions and groups are, measured on labelled stories.

Recall, mean reciprocal rank, average precision of pairs, B-cubed F1: with the definitions that
the retrieval literature gives them (B-cubed: Bagga and Baldwin 1998). A story whose label is None
may be suggested, but is no query and is left out of pairs and groups; so is one without a label.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

Labels = Mapping[str, str | None]
Ranking = Sequence[tuple[str, float]]


def recall_and_mrr(labels: Labels, rankings: Mapping[str, Ranking], k: int) -> tuple[float, float]:
    """Hits among the first k of at most k mates, and 1 / the place of the first hit; means."""
    mates: defaultdict[str, set[str]] = defaultdict(set)
    for story, label in labels.items():
        if label is not None:
            mates[label].add(story)
    recalls, firsts = [], []
    for story, label in labels.items():
        wanted = mates[label] - {story} if label is not None else set()
        if wanted:
            found = [other for other, _ in rankings.get(story, ())]
            recalls.append(len(wanted.intersection(found[:k])) / min(k, len(wanted)))
            places = (1 / place for place, other in enumerate(found, 1) if other in wanted)
            firsts.append(next(places, 0.0))
    count = len(recalls) or 1
    return sum(recalls) / count, sum(firsts) / count


def pair_precision(labels: Labels, rankings: Mapping[str, Ranking]) -> float:
    """The average precision of all suggested pairs; a true pair never suggested counts 0."""
    best: dict[tuple[str, str], float] = {}
    for story, ranking in rankings.items():
        for other, score in ranking:
            if None not in (labels.get(story), labels.get(other)) and story != other:
                pair = (min(story, other), max(story, other))
                best[pair] = max(score, best.get(pair, score))
    hits = 0
    total = 0.0
    for place, (one, other) in enumerate(sorted(best, key=lambda pair: -best[pair]), 1):
        if labels[one] == labels[other]:
            hits += 1
            total += hits / place
    sizes = Counter(label for label in labels.values() if label is not None)
    true = sum(size * (size - 1) // 2 for size in sizes.values())
    return total / true if true else 0.0


def bcubed(labels: Labels, groups: Mapping[str, str]) -> float:
    """F1 of B-cubed precision and recall; a story in no group stands alone."""
    gold = {story: label for story, label in labels.items() if label is not None}
    found = {story: groups.get(story, f"alone {story}") for story in gold}
    of_gold, of_found = Counter(gold.values()), Counter(found.values())
    both = Counter((gold[story], found[story]) for story in gold)
    precision = sum(n * n / of_found[group] for (_, group), n in both.items()) / len(gold)
    recall = sum(n * n / of_gold[label] for (label, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)
