"""The vars of the wizard: what is typed, what the checks say, what the preview found."""

from datetime import datetime

import reflex as rx

from ..budget_views import BudgetLine
from ..costs import CostView
from ..problems import Problem
from ..spec_diff import Difference
from ..spec_views import Fact
from .adopting import AdoptionView
from .draft import Draft
from .error_lines import ErrorLine
from .features import FeatureLine
from .kept import KeptLine
from .meaning import AccessLine
from .members import MemberLine
from .preview import ConnectionLine, DryRunLine, MemberRun, VerdictLine
from .transform import Option, ParameterField, TierOption, environment_options

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
    error_lines: list[ErrorLine] = []
    is_refused: bool = False
    """Whether somebody wanted to go on and could not: then the errors are summed up."""
    warnings: dict[str, str] = {}
    suggestions: list[str] = []
    suggested: str = ""
    environments: list[Option] = environment_options()
    also: list[Option] = []
    """Other environments; those that the set has are marked."""
    members: list[MemberLine] = []
    """Of a set; none without one."""
    drafts: list[KeptLine] = []
    """Others that were left."""
    saved_at: str = ""
    pasted: str = ""
    paste_error: str = ""
    clone_error: str = ""
    is_name_free: bool = False
    tiers: list[TierOption] = []
    override_hints: dict[str, str] = {}
    """By field, the number that the tier has of its own."""
    is_overriding: bool = False
    """Whether the fields for other numbers are open."""
    networks: list[Option] = []
    egresses: list[Option] = []
    features: list[FeatureLine] = []
    """Every platform feature, and why it cannot be had."""
    has_gateway: bool = False
    """Whether the cluster has a gateway that could be let in."""
    has_expiry: bool = True
    may_sleep: bool = True
    is_production: bool = False
    to_confirm: str = ""
    """The name that production is confirmed by."""
    budget: list[BudgetLine] = []
    facts: list[Fact] = []
    found: list[Difference] = []
    """What differs from the defaults of the environment."""
    found_note: str = ""
    access_lines: list[AccessLine] = []
    dates: list[Fact] = []
    lifetimes: list[str] = []
    """Days that are offered as buttons."""
    lifetime_note: str = ""
    approval: str = ""
    needs_approval: bool = False
    is_complete: bool = False
    usual: str = ""
    usual_most: str = ""
    """95 of 100 requests took less."""
    usual_wait: str = ""
    """How long half of the approvals took; empty where nobody decided yet."""
    price: CostView = CostView()
    """A month of what is in the form, of the whole set where it is one."""
    ends: str = ""
    may_adopt: bool = False
    refusal: Problem = Problem()
    is_submitting: bool = False
    is_summary_open: bool = False
    """Whether the summary is open where it is a sheet above the buttons."""
    verdicts: list[VerdictLine] = []
    dry_runs: list[DryRunLine] = []
    object_counts: str = ""
    member_runs: list[MemberRun] = []
    """Of the other members of a set: what the API server says of theirs."""
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
    _focus: str = ""
    """Id of what gets the focus once its step is open."""
    _notice: str = ""
    """What is said once the page is open: that something the address names is not there."""
    kept_as: str = ""
    """Under which key the draft is kept; empty until something was typed."""
    is_apart: bool = False
    """Whether another tab changed the draft too: then each keeps its own."""
    _edition: str = ""
    """Of what is kept, as far as this tab knows."""
