"""The vars of the wizard: what is typed, what the checks say, what the preview found."""

from datetime import datetime

import reflex as rx

from ..budget_views import BudgetLine
from ..costs import CostView
from ..problems import Problem
from ..spec_views import Fact
from .adopting import AdoptionView
from .draft import Draft
from .kept import KeptLine
from .members import MemberLine
from .preview import ConnectionLine, DryRunLine, VerdictLine
from .transform import Option, ParameterField, TierOption

__all__ = ["WizardVars"]


class WizardVars(rx.State, mixin=True):
    """Everything that the steps show."""

    draft: Draft = Draft()
    step: str = "basics"
    reached: int = 0
    """How many steps were passed."""
    teams: list[str] = []
    template: str = ""
    """Title of the template it began from."""
    parameters: list[ParameterField] = []
    errors: dict[str, str] = {}
    warnings: dict[str, str] = {}
    suggestions: list[str] = []
    suggested: str = ""
    also: list[Option] = []
    """Other environments; those that the set has are marked."""
    members: list[MemberLine] = []
    """Of a set; none without one."""
    drafts: list[KeptLine] = []
    """Others that were left."""
    saved_at: str = ""
    pasted: str = ""
    paste_error: str = ""
    is_name_free: bool = False
    tiers: list[TierOption] = []
    networks: list[Option] = []
    egresses: list[Option] = []
    has_gateway: bool = False
    """Whether the cluster has a gateway that could be let in."""
    has_expiry: bool = True
    may_sleep: bool = True
    is_production: bool = False
    to_confirm: str = ""
    """The name that production is confirmed by."""
    budget: list[BudgetLine] = []
    facts: list[Fact] = []
    approval: str = ""
    needs_approval: bool = False
    is_complete: bool = False
    usual: str = ""
    price: CostView = CostView()
    """A month of what is in the form, of the whole set where it is one."""
    ends: str = ""
    may_adopt: bool = False
    refusal: Problem = Problem()
    is_submitting: bool = False
    verdicts: list[VerdictLine] = []
    dry_runs: list[DryRunLine] = []
    adoption: AdoptionView = AdoptionView()
    connections: list[ConnectionLine] = []
    cost: CostView = CostView()
    previewed_at: str = ""
    preview_problem: str = ""
    blocked: str = ""
    """Why the draft cannot be handed in; empty when it can."""
    is_previewing: bool = False
    _tried: Draft | None = None
    """The draft that the preview is of."""
    _tried_at: datetime | None = None
    _shown: set[str] = set()
    _key: str = ""
    """Idempotency key of this draft; a second click on submit gives the same request."""
    _kept_as: str = ""
    """Under which key the draft is kept; empty until something was typed."""
