"""The flows themselves: data only, one file a flow."""

from collections.abc import Mapping

from flows.helpline import (
    collective,
    counselling,
    cover,
    entitlements,
    forget,
    labour,
    language,
    lawyer,
    leaving,
    menu,
    money,
    my_request,
    papers,
    police,
    safety,
    talk,
)
from flows.model import Place

FLOWS = (
    cover.FLOW,
    language.FLOW,
    menu.FLOW,
    entitlements.FLOW,
    money.FLOW,
    lawyer.FLOW,
    police.FLOW,
    papers.FLOW,
    labour.FLOW,
    counselling.FLOW,
    collective.FLOW,
    my_request.FLOW,
    safety.FLOW,
    leaving.FLOW,
    forget.FLOW,
    talk.FLOW,
)

MOVED: Mapping[Place, Place] = {}
