"""Lines of lists: requests, steps, namespaces, specs."""

from nsaas_app.directory.rows import HealthReason, QuotaUse
from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.requests import StepName
from nsaas_app.ui.namespace_views import NamespaceLine
from nsaas_app.ui.problems import Problem
from nsaas_app.ui.request_views import RequestLine, StepView, progress_of
from nsaas_app.ui.spec_views import facts_of
from tests.ui.examples import failed_request, finished_request, row, running_request, spec


def test_a_finished_request_tells_how_long_it_took() -> None:
    line = RequestLine.from_request(finished_request())
    assert (line.kind, line.status, line.word, line.phase) == (
        "Create", "completed", "Completed", "",
    )  # fmt: skip
    assert (line.took, line.progress, line.is_running) == ("2.1 s", "", False)


def test_a_running_request_tells_its_step() -> None:
    line = RequestLine.from_request(running_request(StepName.NETWORK))
    assert line.progress == "Network policies, step 6 of 9"
    assert (line.took, line.is_running) == ("", True)
    assert progress_of(finished_request()) == ""


def test_steps_tell_their_state_time_and_error() -> None:
    request = failed_request()
    problem = Problem.from_failure(request.failure) if request.failure else None
    views = [
        StepView.from_step(step, is_over=True, problem=problem if step.error else None)
        for step in request.steps
    ]
    by_name = {view.name: view for view in views}
    assert by_name["quota"].took == "250 ms"
    assert by_name["network"].problem.code == "WEBHOOK_DENIED"
    assert by_name["access"].note == "not reached"
    waiting = StepView.from_step(running_request(StepName.QUOTA).steps[-1])
    assert waiting.note == "waiting"


def test_a_namespace_line_has_bars_and_reasons() -> None:
    quota = {"requests.cpu": QuotaUse("500m", "1"), "pods": QuotaUse("3", "10")}
    line = NamespaceLine.from_row(row(quota=quota, reasons=(HealthReason("x", "Near it.", 5),)))
    assert (line.cpu.short, line.pods, line.reason) == ("0.5 of 1 CPU", "3 of 10", "Near it.")
    assert line.memory.used_raw == ""


def test_a_spec_in_plain_words() -> None:
    grant = AccessGrant(SubjectKind.GROUP, "frontend-devs", AccessRole.DEVELOPER)
    network = NetworkSpec(NetworkPreset.ISOLATED, Egress.CIDRS, cidrs=("203.0.113.0/24",))
    facts = {fact.key: fact for fact in facts_of(spec(access=(grant,), network=network))}
    assert facts["tier"].value == "Small: 1 CPU and 2 Gi requested, 2 CPU and 4 Gi at most"
    assert facts["access"].value == "frontend-devs (Group) as developer"
    assert facts["egress"].value == "Out to 203.0.113.0/24."
    assert facts["expires"].instant == "2026-12-24T12:00:00.000Z"
    assert facts_of(spec(expires_at=None))[7].value == "Never"
