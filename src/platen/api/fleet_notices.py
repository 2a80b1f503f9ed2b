"""Who is told of what: /notice-rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from platen.access.rights import Right
from platen.api.bearer import needs
from platen.fleet.models import NoticeRule
from platen.fleet.queries_notices import all_rules

router = Router()


class NoticeRuleShown(Schema):
    """A rule. groups, regions and webhooks by their names; no group and no region: all machines."""

    id: int
    name: str
    enabled: bool
    trigger: str = Field(description="began, began-or-cleared or ongoing")
    delay_s: int = Field(description="It must have lasted so long.")
    repeat_s: int = Field(description="Said again while it lasts; 0: once.")
    conditions: list[dict[str, Any]]
    all_of_them: bool = Field(description="All conditions have to hold; else any of them.")
    groups: list[str]
    regions: list[str]
    quiet: list[Any] = Field(description="Times of the week without notices.")
    mail_to: list[str]
    mail_cc: list[str]
    webhooks: list[str]
    language: str
    important: bool


@router.get("", response=list[NoticeRuleShown], auth=needs(Right.SEE_SETTINGS))
def list_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """Rules by name."""
    return [_shown(each) for each in all_rules()]


def _shown(rule: NoticeRule) -> dict[str, Any]:
    named = ("groups", "regions", "webhooks")
    same = [name for name in NoticeRuleShown.model_fields if name not in named]
    return {
        **{name: getattr(rule, name) for name in same},
        **{name: [each.name for each in getattr(rule, name).all()] for name in named},
    }
