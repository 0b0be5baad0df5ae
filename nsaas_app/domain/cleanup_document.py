"""Candidates and plans as plain documents: what is stored, and what REST shows of them."""

from datetime import datetime
from typing import Any

from .cleanup import Evidence, Impact, Reason, Stage, Volume
from .cleanup_plans import Action, ActionState, Line, LineState
from .observation import Observation

__all__ = [
    "evidence_to_document",
    "impact_to_document",
    "line_from_document",
    "line_to_document",
    "observation_from_document",
    "observation_to_document",
]


def _written(time: datetime | None) -> str | None:
    return time.isoformat() if time is not None else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def evidence_to_document(one: Evidence) -> dict[str, Any]:
    """Write one piece of evidence in the contract's field names."""
    return {
        "reason": one.reason.value,
        "signal": one.signal,
        "value": one.value,
        "threshold": one.threshold,
        "source": one.source,
        "seen_at": _written(one.seen_at),
        "since": _written(one.since),
    }


def _evidence(document: dict[str, Any]) -> Evidence:
    return Evidence(
        reason=Reason(document["reason"]),
        signal=document["signal"],
        value=document["value"],
        threshold=document["threshold"],
        source=document["source"],
        seen_at=datetime.fromisoformat(document["seen_at"]),
        since=_read(document["since"]),
    )


def impact_to_document(impact: Impact) -> dict[str, Any]:
    """Write what would be lost in the contract's field names."""
    return {
        "pods": impact.pods,
        "volumes": [
            {
                "name": volume.name,
                "size": volume.size,
                "storage_class": volume.storage_class,
                "bound": volume.is_bound,
                "retained": volume.is_retained,
            }
            for volume in impact.volumes
        ],
        "load_balancers": impact.load_balancers,
        "ingress_hosts": list(impact.ingress_hosts),
        "cloud_resources": list(impact.cloud_resources),
        "unseen": list(impact.unseen),
    }


def _impact(document: dict[str, Any]) -> Impact:
    return Impact(
        pods=document["pods"],
        volumes=tuple(
            Volume(
                one["name"],
                one["size"],
                one["storage_class"],
                one["bound"],
                one.get("retained", False),
            )
            for one in document["volumes"]
        ),
        load_balancers=document["load_balancers"],
        ingress_hosts=tuple(document["ingress_hosts"]),
        cloud_resources=tuple(document["cloud_resources"]),
        unseen=tuple(document.get("unseen", ())),
    )


def _action_to_document(action: Action) -> dict[str, Any]:
    return {
        "action_id": action.action_id,
        "stage": action.stage.value,
        "state": action.state.value,
        "due_at": _written(action.due_at),
        "ended_at": _written(action.ended_at),
        "undo_until": _written(action.undo_until),
        "request_id": action.request_id,
        "export_id": action.export_id,
        "message": action.message,
        "attempt": action.attempt,
    }


def _action(document: dict[str, Any]) -> Action:
    return Action(
        action_id=document["action_id"],
        stage=Stage(document["stage"]),
        state=ActionState(document["state"]),
        due_at=_read(document["due_at"]),
        ended_at=_read(document["ended_at"]),
        undo_until=_read(document["undo_until"]),
        request_id=document["request_id"],
        export_id=document.get("export_id", ""),
        message=document["message"],
        attempt=document.get("attempt", 0),
    )


def line_to_document(line: Line) -> dict[str, Any]:
    """Write one line of a plan."""
    return {
        "namespace": line.namespace,
        "uid": line.uid,
        "team": line.team,
        "environment": line.environment,
        "grounds": [reason.value for reason in line.grounds],
        "evidence": [evidence_to_document(one) for one in line.evidence],
        "impact": impact_to_document(line.impact),
        "state": line.state.value,
        "reason": line.reason,
        "actions": [_action_to_document(action) for action in line.actions],
    }


def line_from_document(document: dict[str, Any]) -> Line:
    """Read one line of a plan."""
    return Line(
        namespace=document["namespace"],
        uid=document["uid"],
        team=document["team"],
        environment=document["environment"],
        grounds=tuple(Reason(word) for word in document["grounds"]),
        evidence=tuple(_evidence(one) for one in document["evidence"]),
        impact=_impact(document["impact"]),
        state=LineState(document["state"]),
        reason=document["reason"],
        actions=tuple(_action(one) for one in document["actions"]),
    )


_TIMES = (
    "first_at", "last_at", "pods_gone_since", "workloads_changed_at", "claims_changed_at",
    "event_at", "owner_gone_since", "low_use_since", "used_at", "moved_at", "woken_at",
    "watched_at", "watched_since", "signs_since",
)  # fmt: skip


def observation_to_document(seen: Observation) -> dict[str, Any]:
    """Write what is known of a namespace."""
    return {
        "uid": seen.uid,
        "state": seen.state,
        "workloads": seen.workloads,
        "claims": seen.claims,
        "use": seen.use,
        "full_since": {name: _written(since) for name, since in seen.full_since.items()},
        **{name: _written(getattr(seen, name)) for name in _TIMES},
    }


def observation_from_document(document: dict[str, Any]) -> Observation:
    """Read what is known of a namespace."""
    times: dict[str, Any] = {name: _read(document.get(name)) for name in _TIMES}
    return Observation(
        uid=document["uid"],
        state=document["state"],
        workloads=document["workloads"],
        claims=document["claims"],
        use=document.get("use", ""),
        full_since={k: datetime.fromisoformat(v) for k, v in document["full_since"].items()},
        **times,
    )
