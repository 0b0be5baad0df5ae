"""The objects that a dialog lists: what becomes of each, and the API server's no. Pure."""

from nsaas_app.manifests.comparison import Drift
from nsaas_app.provisioning.dry_run import DryRun, Effect
from nsaas_app.ui.namespace.proposal import ObjectLine

QUOTA = {"kind": "ResourceQuota", "metadata": {"name": "nsaas-quota"}}


def test_a_changed_object_names_its_paths() -> None:
    drift = tuple(Drift(f"spec.hard.r{n}", "2", "1") for n in range(6))
    line = ObjectLine.of(DryRun(QUOTA, True, effect=Effect.CHANGED, differences=drift))

    assert (line.identity, line.word, line.refusal) == ("ResourceQuota/nsaas-quota", "Changed", "")
    assert line.paths == "spec.hard.r0, spec.hard.r1, spec.hard.r2, spec.hard.r3 and 2 more"


def test_a_refused_object_says_the_servers_words() -> None:
    line = ObjectLine.of(DryRun(QUOTA, False, "quota is frozen", effect=Effect.UNCHANGED))

    assert (line.word, line.tone, line.refusal) == ("Refused", "bad", "quota is frozen")
