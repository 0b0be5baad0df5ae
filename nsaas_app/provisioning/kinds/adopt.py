"""Adopt: a namespace that exists becomes a managed one, or is given back as it was."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from ...cluster.faults import ClusterError, Verdict
from ...cluster.objects import Namespace
from ...domain import keys
from ...domain.namespaces import ManagedNamespace
from ...domain.requests import StepName
from ...manifests.bundle import identity_of
from ...manifests.manifest import Manifest
from ..effects import heard_out, repeating
from ..foreign import OWN_KINDS, collisions, read_contents
from ..ownership import terminating
from ..run import GIVE_UP_AFTER, Objects
from ..writing import prune
from .provision import ProvisionRun

__all__ = ["CONSENT_WITHIN", "AdoptRun", "consent_command"]

CONSENT_WITHIN: Final = timedelta(hours=24)
"""How long a request waits for the administrator's annotation."""
_OURS: Final = ("NetworkPolicy", "LimitRange", "ResourceQuota")
_ENFORCE: Final = f"{keys.POD_SECURITY}/enforce"
_PRIVILEGED: Final = "privileged"


def consent_command(name: str, request_id: str) -> str:
    """What a cluster administrator runs to agree."""
    return f"kubectl annotate namespace {name} {keys.ADOPT}={request_id}"


class AdoptRun(ProvisionRun):
    """One run of an adopt request. The namespace and what is in it are never deleted."""

    def gives_up_at(self) -> datetime:
        """People get a day; from their consent on it is the cluster that is waited for."""
        consented_at = self.journal.step(StepName.CHECKS).finished_at
        if consented_at is not None:
            return consented_at + GIVE_UP_AFTER
        request = self.journal.request
        return (request.started_at or request.created_at) + CONSENT_WITHIN

    def delay_ms(self, error: ClusterError) -> int:
        """Consent is not asked for again and again: the watch tells when it is there."""
        if error.code != "ADOPT_CONSENT":
            return super().delay_ms(error)
        left = self.gives_up_at() - self.tools.clock()
        return max(1, int(left.total_seconds() * 1000))

    async def _after_error(self, error: ClusterError) -> None:
        await super()._after_error(error)
        seen = self.tools.mirror.namespaces.get(self._name)
        if error.code == "ADOPT_CONSENT" and (seen is None or self._has_consent(seen)):
            # It came while the wait was being written down: the watch found nobody waiting.
            await self.journal.hasten()

    async def undo(self) -> str:
        """Take our objects out and our words off; everything that was there before stays."""
        record = await self.journal.record()
        seen = await self._seen()
        if seen is None or seen.metadata.uid != record.uid or not self._is_ours(seen):
            return ""
        cluster = self.tools.cluster
        # Access first: nobody stays in a namespace that is no longer limited.
        await prune(cluster, "RoleBinding", self._name, keep=())
        await heard_out([prune(cluster, kind, self._name, keep=()) for kind in _OURS])
        return await self._give_back(seen)

    async def _check_name(self) -> Objects:
        """The very namespace that was asked about, not going away, and agreed to."""
        seen = await self._require(await self.journal.record())
        if not self._is_ours(seen):
            await self._require_room()
            self._require_consent(seen)
        return ()

    async def _create_namespace(self) -> Objects:
        """The one update that the administrator's annotation admits."""
        record = await self.journal.record()
        seen = await self._require(record)
        if not self._is_ours(seen):
            self._require_consent(seen)
        manifest = self._bundle.namespace
        # An apply with a uid never creates, and never hits another object of the same name.
        claimed = {
            **manifest,
            "metadata": {
                **manifest["metadata"],
                "uid": record.uid,
                "annotations": {
                    **manifest["metadata"]["annotations"],
                    keys.BEFORE_ADOPTION: self._before(seen, manifest),
                },
            },
        }
        # The fields of others that are taken over are those that the preview showed.
        await repeating(lambda: self.tools.cluster.apply(claimed, force=True))
        self._uid = record.uid
        return (identity_of(manifest),)

    async def _verify(self) -> Objects:
        proven = await super()._verify()
        # From here on there is no way back, and the consent has served its end.
        done = {"annotations": {keys.ADOPT: None, keys.BEFORE_ADOPTION: None}}
        await self._merge({"uid": self._uid, **done})
        return proven

    async def _require(self, record: ManagedNamespace) -> Namespace:
        seen = await self._seen()
        if seen is None:
            message = f"Namespace {self._name} is gone."
            raise ClusterError(message, code="NOT_FOUND", verdict=Verdict.PERMANENT)
        if seen.metadata.uid != record.uid:
            message = f"Namespace {self._name} was recreated since the request was made."
            raise ClusterError(message, code="UID_CHANGED", verdict=Verdict.PERMANENT)
        if seen.metadata.deletion_timestamp is not None:
            raise terminating(self._name)
        return seen

    async def _require_room(self) -> None:
        """Nothing of somebody else may stand where our objects go."""
        contents = await read_contents(self.tools.cluster, self._name, OWN_KINDS)
        if found := collisions(self._bundle, contents):
            message = f'conflict with "somebody else": {",".join(found)}'
            raise ClusterError(message, code="FIELD_CONFLICT", verdict=Verdict.PERMANENT)

    def _has_consent(self, seen: Namespace) -> bool:
        return seen.annotations.get(keys.ADOPT) == self._request_id

    def _require_consent(self, seen: Namespace) -> None:
        if self._has_consent(seen):
            return
        other = seen.annotations.get(keys.ADOPT)
        because = (
            f"The consent on namespace {self._name} is for another request, {other}."
            if other
            else f"A cluster administrator must agree to the adoption of namespace {self._name}."
        )
        overwrite = " --overwrite" if other else ""
        command = consent_command(self._name, self._request_id) + overwrite
        until = f"{self.gives_up_at():%d %b %Y %H:%M} UTC"
        raise ClusterError(
            f"{because} Run: {command} (the request waits until {until})",
            code="ADOPT_CONSENT",
            verdict=Verdict.RETRY,
        )

    def _before(self, seen: Namespace, manifest: Manifest) -> str:
        """What our keys held before the first write, as JSON."""
        if self._is_ours(seen):
            return seen.annotations.get(keys.BEFORE_ADOPTION, "{}")
        metadata = manifest["metadata"]
        found = {
            "labels": {k: v for k, v in seen.labels.items() if k in metadata["labels"]},
            "annotations": {
                k: v for k, v in seen.annotations.items() if k in metadata["annotations"]
            },
        }
        return json.dumps(found, separators=(",", ":"), sort_keys=True)

    async def _give_back(self, seen: Namespace) -> str:
        """Labels and annotations as they were; say what the policies do not let us put back."""
        before: dict[str, dict[str, str]] = json.loads(
            seen.annotations.get(keys.BEFORE_ADOPTION, "{}")
        )
        metadata = self._bundle.namespace["metadata"]
        back: dict[str, Any] = {
            part: {key: before.get(part, {}).get(key) for key in metadata[part]}
            for part in ("labels", "annotations")
        }
        back["annotations"] |= {keys.ADOPT: None, keys.BEFORE_ADOPTION: None}
        left = ""
        if back["labels"].get(_ENFORCE) == _PRIVILEGED:
            # The portal may never set this level, not even where it stood before.
            back["labels"][_ENFORCE] = None
            command = f"kubectl label namespace {self._name} {_ENFORCE}={_PRIVILEGED}"
            left = f"Left: the label {_ENFORCE}={_PRIVILEGED} is off. Run: {command}"
        try:
            await self._merge({"uid": seen.metadata.uid, **back})
        except ClusterError as error:
            if error.verdict is not Verdict.PERMANENT:
                raise
            names = ", ".join((*metadata["labels"], *metadata["annotations"]))
            return f"Left on namespace {self._name}: {names}. {error.message}"
        return left

    async def _merge(self, metadata: dict[str, Any]) -> None:
        patch = {"metadata": metadata}
        await repeating(lambda: self.tools.cluster.merge("Namespace", self._name, patch))
