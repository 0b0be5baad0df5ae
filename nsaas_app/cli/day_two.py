"""`nsaas namespaces protect|unprotect|access|kustomize|topology|reach|events`: day two."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from .client import portal
from .console import ExitCode, Output, OutputOption, fail, show, table_of
from .lifetime import save_file
from .namespaces import Wait, Why
from .namespaces import app as namespaces
from .requests import follow, report

__all__: list[str] = []

_HERE: Final = "this namespace"
_OK: Final = 200


def _protected(name: str, verb: str, output: Output) -> None:
    with portal() as client:
        found = client.post(f"/namespaces/{name}/{verb}", {})
    show(found, output, table=table_of([found], ["name", "protected", "state"]))


@namespaces.command("protect")
def protect(name: str, output: OutputOption = Output.TABLE) -> None:
    """Keep anybody from releasing or deleting it; leads do."""
    _protected(name, "protect", output)


@namespaces.command("unprotect")
def unprotect(name: str, output: OutputOption = Output.TABLE) -> None:
    """Lift its protection; leads do."""
    _protected(name, "unprotect", output)


@namespaces.command("access")
def access(
    name: str,
    *,
    add: Annotated[
        list[str] | None, typer.Option(help="KIND/NAME/ROLE, such as Group/devs/developer.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="KIND/NAME/ROLE.")] = None,
    justification: Why = "",
    wait: Wait = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Show who gets in, or ask for a change of it."""
    with portal() as client:
        if not add and not remove:
            found = client.get(f"/namespaces/{name}/access")
            rows = [
                one
                | {
                    "role": one["role"].removeprefix("nsaas-"),
                    "given by": "the portal" if one["managed"] else "others",
                }
                for one in found["bindings"]
            ]
            columns = ["kind", "name", "role", "binding", "given by", "expires_at"]
            show(found, output, table=table_of(rows, columns))
            return
        spec = client.get(f"/namespaces/{name}")["spec"]
        grants = _changed(spec["access"], add or [], remove or [], now=datetime.now(UTC))
        asked = {"access": grants, "justification": justification}
        status, body = client.patch(f"/namespaces/{name}", asked)
        if status == _OK:
            typer.echo(f"{name} is as asked already.")
            return
        ended = follow(client, body, quiet=output is not Output.TABLE) if wait else body
    report(ended, output)


def _changed(
    asked: list[dict[str, str]], add: list[str], remove: list[str], *, now: datetime
) -> list[dict[str, Any]]:
    """The grants that were asked for, with some more and without some.

    Somebody who is in already stays in until the same end; whose access is over gets in anew.
    """
    grants = {
        (grant["kind"], grant["name"], grant["role"]): grant.get("expires_at") for grant in asked
    }
    for text in remove:
        if grants.pop(_grant(text), "absent") == "absent":
            fail(f"The portal gave {text} to nobody.", ExitCode.REFUSED)
    for who in map(_grant, add):
        until = grants.get(who)
        grants[who] = until if until and datetime.fromisoformat(until) > now else None
    return [
        {"kind": kind, "name": name, "role": role} | ({"expires_at": until} if until else {})
        for (kind, name, role), until in grants.items()
    ]


def _grant(text: str) -> tuple[str, str, str]:
    kind, _, rest = text.partition("/")
    name, _, role = rest.rpartition("/")
    if not (kind and name and role):
        fail(f"{text!r} is no KIND/NAME/ROLE.", ExitCode.REFUSED)
    return kind, name, role


@namespaces.command("kustomize")
def kustomize(
    name: str,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Where to write it.")] = None,
) -> None:
    """Download what the portal asks for, as a directory for `kubectl apply -k`."""
    path = f"/namespaces/{name}/manifests?format=kustomize"
    save_file(path, file or Path(f"{name}-kustomize.tar.gz"))


def _node(key: str) -> str:
    """Name a node as people do: pods by their workload, the preset's policies together."""
    kind, _, name = key.partition("/")
    if kind == "Pods":
        owner, _, workload = name.rpartition("/")
        return f"pods of {owner} {workload}".replace("  ", " ")
    if key == "NetworkPolicy/preset/":
        return "NetworkPolicies of the preset"
    return f"{kind} {name}"


@namespaces.command("topology")
def topology(name: str, output: OutputOption = Output.TABLE) -> None:
    """Show what leads to what, problems first."""
    with portal() as client:
        found = client.get(f"/namespaces/{name}/topology")
    leads: dict[str, list[str]] = {}
    for edge in found["edges"]:
        leads.setdefault(edge["source"], []).append(edge["note"] or _node(edge["target"]))
    rows = [
        {
            "object": _node(node["key"]),
            "state": node["word"],
            "about": node["about"],
            "leads to": ", ".join(leads.get(node["key"], [])) or "-",
        }
        for node in found["nodes"]
    ]
    show(found, output, table=table_of(rows, ["object", "state", "about", "leads to"]))


@namespaces.command("reach")
def reach(
    name: str,
    *,
    source: Annotated[str, typer.Option("--from", help="One end.")] = _HERE,
    target: Annotated[str, typer.Option("--to", help="The other end.")] = "internet",
    port: Annotated[str, typer.Option()] = "443",
    protocol: Annotated[str, typer.Option()] = "TCP",
    output: OutputOption = Output.TABLE,
) -> None:
    """Say whether a connection gets through, and which policy says so; exit 1 when it does not."""
    with portal() as client:
        found = client.get(
            f"/namespaces/{name}/connectivity/check",
            **{"from": source, "to": target, "port": port, "protocol": protocol},
        )
    rows = [
        one
        | {
            "lets through": one["allows"],
            "pods": "all pods" if one["pods"] == "all" else one["pods"],
        }
        for one in found["chain"]
    ]
    show(found, output, table=table_of(rows, ["policy", "lets through", "says", "pods"]))
    if output is Output.TABLE:
        word = "gets through" if found["allowed"] else "is blocked"
        if found["reach"] == "unknown":
            word = "nobody knows" + (f", {found['reason']}" if found["reason"] else "")
        typer.echo(f"{found['from']} to {found['to']}, {found['port']}: {word.rstrip('.')}.")
    if not found["allowed"]:
        raise typer.Exit(ExitCode.FAILED)


@namespaces.command("events")
def events(
    name: str,
    *,
    kind: Annotated[str, typer.Option(help="Only about objects of this kind.")] = "",
    minutes: Annotated[int, typer.Option(min=1, max=60, help="Seen within.")] = 60,
    output: OutputOption = Output.TABLE,
) -> None:
    """Show warnings gathered by cause, each with its fix."""
    with portal() as client:
        found = client.get(f"/namespaces/{name}/events", kind=kind, minutes=minutes)
    columns = ["last_seen", "code", "count", "objects"]
    rows = [
        item
        | {
            "code": item["code"] or item["reason"],
            "objects": ", ".join(item["objects"]),
        }
        for item in found["items"]
    ]
    show(found, output, table=table_of(rows, columns))
    if output is not Output.TABLE:
        return
    for item in rows:
        lines = [
            f"{item['code']}: {item['cause']}",
            f"  Fix: {item['fix']}",
            f"  Who can fix: {item['who_can_fix']}",
            f"  The cluster's words: {item['message']}",
        ]
        typer.echo("\n" + "\n".join(lines))
