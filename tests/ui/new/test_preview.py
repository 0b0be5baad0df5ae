"""The review step's view of a preview: every answer in words, a refusal holds the submit back."""

from dataclasses import replace
from decimal import Decimal

from nsaas_app.domain.prices import monthly_cost
from nsaas_app.domain.teams import Resources
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.manifests.connectivity import Connection
from nsaas_app.provisioning.preview import DryRun, PolicyVerdict, Preview
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.new.preview import preview_vars, unchecked_vars
from tests.ui.examples import spec

NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "frontend-shop-dev"}}
QUOTA = {"kind": "ResourceQuota", "metadata": {"name": "nsaas"}, "spec": {"hard": {"pods": "20"}}}


def _preview() -> Preview:
    return Preview(
        spec=spec(),
        verdicts=(
            PolicyVerdict("name", "pass", "It is free."),
            PolicyVerdict("approval", "needs-approval", "A lead."),
        ),
        objects=(DryRun(NAMESPACE, is_accepted=True), DryRun(QUOTA, is_accepted=True)),
        approval=None,
        team=DEV_TEAMS[0],
        before=BudgetUse(Resources(), Resources(), 0, {}),
        cost=monthly_cost(Resources.of(spec().size)),
        connectivity=(Connection("own team", "this namespace", "TCP 8080", True, "allow-team"),),
        expected_duration_ms=None,
    )


def test_an_accepted_preview_shows_everything_and_blocks_nothing() -> None:
    found = preview_vars(_preview(), at="2026-11-24T12:00:00.000Z")
    assert found["blocked"] == ""
    verdicts = [(line.result, line.word) for line in found["verdicts"]]  # type: ignore[attr-defined]
    assert verdicts == [("pass", "Pass"), ("needs-approval", "Needs approval")]
    second = found["dry_runs"][1]  # type: ignore[index]
    assert second.identity == "ResourceQuota/nsaas"
    assert "hard:\n    pods: '20'" in second.yaml
    answer = found["connections"][0]  # type: ignore[index]
    assert (answer.word, answer.rule, answer.tone) == ("Allowed", "allow-team", "ok")
    assert str(monthly_cost(Resources.of(spec().size)).monthly) in found["cost"].text  # type: ignore[attr-defined]
    assert monthly_cost(Resources.of(spec().size)).monthly > Decimal(0)


def test_one_refused_object_holds_the_submit_back() -> None:
    refused = DryRun(QUOTA, is_accepted=False, message="Quota webhook refused it.")
    found = preview_vars(replace(_preview(), objects=(refused,)), at="")
    assert found["blocked"] == "The API server refuses 1 of 1 objects: see the dry run."
    line = found["dry_runs"][0]  # type: ignore[index]
    assert (line.word, line.message) == ("Refused", "Quota webhook refused it.")


def test_without_a_preview_nothing_of_an_older_one_stays() -> None:
    before, after = preview_vars(_preview(), at="x"), unchecked_vars(blocked="Why")
    assert set(before) == set(after)
    assert after["blocked"] == "Why"
    assert after["dry_runs"] == []
