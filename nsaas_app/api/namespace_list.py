"""Every namespace that matches, as one file: CSV for people, YAML that `nsaas apply` takes."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Final

import yaml
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from ..directory.rows import NamespaceRow
from ..domain.namespaces import ManagedNamespace
from ..domain.request_document import request_document
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .csv_lines import csv_line
from .row_query import WantedRows

__all__ = ["router"]

router = APIRouter(prefix="/namespace-list", tags=["namespaces"])

_MOST: Final = 1_000_000
_PART: Final = 100
"""So many namespaces are written in one go; other calls get their turns between."""
_QUOTA: Final = ("requests.cpu", "requests.memory", "requests.storage", "pods")
_HEADS: Final = (
    "name", "display_name", "team", "environment", "tier", "network", "state", "owner",
    "cost_center", "created_at", "expires_at", "health", "reasons",
    *(f"{resource} {part}" for resource in _QUOTA for part in ("used", "hard")),
)  # fmt: skip


class ListFormat(StrEnum):
    """How the list is written."""

    CSV = "csv"
    YAML = "yaml"


_Dumper: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""Ten times as fast where the library was built with it."""
_TYPES: Final = {ListFormat.CSV: "text/csv", ListFormat.YAML: "application/yaml"}


@router.get("", summary="Every namespace that matches, as a file: `format=csv` or `yaml`")
@needs(Permission.NAMESPACE_READ)
async def namespace_list(
    actor: CurrentActor,
    rt: CurrentRuntime,
    wanted: WantedRows,
    file_format: Annotated[ListFormat, Query(alias="format")] = ListFormat.CSV,
) -> StreamingResponse:
    rows = rt.directory.find(replace(wanted, limit=_MOST), actor=actor).items
    if file_format is ListFormat.CSV:
        text = _as_csv(rows)
    else:
        records = (rt.directory.record(row.name) for row in rows)
        text = _as_yaml([record for record in records if record is not None])
    disposition = f'attachment; filename="namespaces.{file_format.value}"'
    # Written part by part on a thread of its own.
    return StreamingResponse(
        text, media_type=_TYPES[file_format], headers={"Content-Disposition": disposition}
    )


def _as_csv(rows: tuple[NamespaceRow, ...]) -> Iterator[str]:
    yield csv_line(list(_HEADS))
    for start in range(0, len(rows), _PART):
        yield "".join(csv_line(_cells(row)) for row in rows[start : start + _PART])


def _cells(row: NamespaceRow) -> list[Any]:
    uses = [row.quota.get(resource) for resource in _QUOTA]
    return [
        row.name,
        row.display_name,
        str(row.team),
        row.environment.value,
        row.tier.value,
        row.network.value,
        row.state.value,
        row.owner,
        row.cost_center,
        row.created_at.isoformat(),
        row.expires_at.isoformat() if row.expires_at else "",
        row.health.score,
        " ".join(reason.message for reason in row.health.reasons),
        *(text for use in uses for text in ((use.used, use.hard) if use else ("", ""))),
    ]


def _as_yaml(records: list[ManagedNamespace]) -> Iterator[str]:
    for start in range(0, len(records), _PART):
        part = records[start : start + _PART]
        documents = [request_document(record.spec) for record in part]
        yield yaml.dump_all(
            documents, Dumper=_Dumper, explicit_start=True, sort_keys=False, allow_unicode=True
        )
