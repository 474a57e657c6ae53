"""What the fields of a story are called, wherever a person reads or changes them."""

from __future__ import annotations

from collections.abc import Mapping

IN_FILE: Mapping[str, str] = {
    "category": "Category",
    "title": "Headline",
    "excerpt": "Excerpt",
    "published_at": "Published at",
    "updated_at": "Updated at",
    "original_url": "Original",
    "web_url": "Article",
    "amp_url": "AMP page",
    "cdn_amp_url": "Cached AMP page",
    "kind": "Type",
    "quality": "Quality",
    "heat": "Heat",
    "published": "Live",
    "removed": "Removed",
    "featured_content": "Featured content",
    "highlight": "Highlight",
    "tags": "Tags",
    "provider": "Provider",
    "topics": "Topics",
    "images": "Pictures",
    "related": "Related",
    "secured": "Encrypted",
}
"""The keys of a file, in the order of a new one."""

LABELS: Mapping[str, str] = {
    **IN_FILE,
    "is_lead": "Lead",
    "related_count": "Related stories",
    "proposal": "Proposal",
    "decision": "Decision",
    "snoozed_until": "Asleep until",
    "path": "File",
    "missing": "File missing",
}
"""And what the desk alone knows of a story."""
