"""`nsaas request`, `nsaas requests …`: ask, follow, read."""

import time
from typing import Annotated, Any, Final

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from .client import Portal, portal
from .console import ExitCode, Output, OutputOption, console, fail, show, table_of

__all__ = ["app", "follow", "report", "request"]

app = typer.Typer(no_args_is_help=True, help="Requests: list, show, watch, decide, steer.")

POLL_S: Final = 0.2
_COLUMNS: Final = ["request_id", "kind", "namespace", "team", "status", "phase", "requested_by"]
_ENDED: Final = ("completed", "failed")


def _spec(name: str, **options: Any) -> dict[str, Any]:
    network = {"preset": options.pop("network"), "egress": options.pop("egress")}
    spec = {"name": name, **{key: value for key, value in options.items() if value}}
    chosen = {key: value for key, value in network.items() if value}
    return spec | ({"network": chosen} if chosen else {})


def request(
    name: str,
    team: Annotated[str, typer.Option("--team")],
    env: Annotated[str, typer.Option("--env")],
    *,
    template: Annotated[
        str | None, typer.Option(help="A start; `nsaas catalog --templates` lists them.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="NAME=VALUE of the template. Several times.")
    ] = None,
    tier: Annotated[str | None, typer.Option(help="micro, small, medium, large")] = None,
    network: Annotated[str | None, typer.Option(help="isolated, team-shared, open")] = None,
    egress: Annotated[str | None, typer.Option()] = None,
    feature: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    description: Annotated[str, typer.Option()] = "",
    cost_center: Annotated[str | None, typer.Option("--cost-center")] = None,
    owner: Annotated[str | None, typer.Option()] = None,
    days: Annotated[int | None, typer.Option("--days", help="Lifetime in days.")] = None,
    override: Annotated[
        list[str] | None,
        typer.Option(
            "--override",
            help="NAME=QUANTITY in place of the tier's own, such as limits.cpu=3. Several times.",
        ),
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", help="KEY=VALUE. Several times.")
    ] = None,
    annotation: Annotated[
        list[str] | None, typer.Option("--annotation", help="KEY=VALUE. Several times.")
    ] = None,
    justification: Annotated[str, typer.Option()] = "",
    idempotency_key: Annotated[str | None, typer.Option("--idempotency-key")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow until it ends.")] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask for a namespace."""
    spec = _spec(
        name,
        team=team,
        environment=env,
        tier=tier,
        network=network,
        egress=egress,
        features=[{"id": one} for one in feature or ()],
        description=description,
        cost_center=cost_center,
        owner=owner,
        expires_in_days=days,
        overrides=_pairs(override or [], "NAME=QUANTITY"),
        labels=_pairs(label or [], "KEY=VALUE"),
        annotations=_pairs(annotation or [], "KEY=VALUE"),
    )
    body: dict[str, Any] = {"kind": "provision", "spec": spec, "justification": justification}
    if template or param:
        body |= {"template": template, "parameters": _pairs(param or [], "NAME=VALUE")}
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    with portal() as client:
        accepted = client.post("/requests", body, **headers)
        ended = follow(client, accepted, quiet=output is not Output.TABLE) if wait else accepted
    report(ended, output)


def _pairs(words: list[str], shape: str) -> dict[str, str]:
    for word in words:
        if "=" not in word:
            fail(f"{word!r} is not {shape}.", ExitCode.REFUSED)
    return dict(word.split("=", 1) for word in words)


@app.command("list")
def list_requests(
    *,
    status: Annotated[str, typer.Option()] = "",
    team: Annotated[str, typer.Option()] = "",
    namespace: Annotated[str, typer.Option()] = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    output: OutputOption = Output.TABLE,
) -> None:
    """List requests, newest first."""
    with portal() as client:
        page = client.get("/requests", status=status, team=team, namespace=namespace, limit=limit)
    show(page, output, table=table_of(page["items"], _COLUMNS))


@app.command("show")
def show_request(request_id: str, output: OutputOption = Output.TABLE) -> None:
    """Show one request with its steps."""
    with portal() as client:
        found = client.get(f"/requests/{request_id}")
    show(found, output, table=_steps(found))
    if output is Output.TABLE and (wait := _wait_of(found)):
        console.print(wait, highlight=False)


def _wait_of(request: dict[str, Any]) -> str:
    """Say what a request waits for; empty when for nothing."""
    wait = request.get("wait")
    if wait is None:
        return ""
    words = "Waits for approval"
    if wait["waits_for"] == "queue":
        words = f"{wait['position']} of {wait['of']} in the queue"
    usual = wait["usual_ms"]
    return words if usual is None else f"{words}; half of the others waited {usual / 1000:.1f} s"


@app.command("watch")
def watch(request_id: str, output: OutputOption = Output.TABLE) -> None:
    """Follow a request until it ends; the exit code says how."""
    with portal() as client:
        found = client.get(f"/requests/{request_id}")
        ended = follow(client, found, quiet=output is not Output.TABLE)
    report(ended, output)


def _decide(verb: str, request_id: str, comment: str, output: Output) -> None:
    with portal() as client:
        found = client.post(f"/requests/{request_id}/{verb}", {"comment": comment})
    report(found, output)


Comment = Annotated[str, typer.Option("-m", "--comment", help="Why.")]


@app.command("approve")
def approve(request_id: str, comment: Comment = "", output: OutputOption = Output.TABLE) -> None:
    """Say yes to a request that waits for you."""
    _decide("approve", request_id, comment, output)


@app.command("reject")
def reject(
    request_id: str,
    comment: Annotated[str, typer.Option("-m", "--comment", help="Why; required.")],
    output: OutputOption = Output.TABLE,
) -> None:
    """Say no, with a reason."""
    _decide("reject", request_id, comment, output)


@app.command("ask")
def ask(
    request_id: str,
    comment: Annotated[str, typer.Option("-m", "--comment", help="The question; required.")],
    output: OutputOption = Output.TABLE,
) -> None:
    """Ask the requester something before deciding."""
    _decide("ask", request_id, comment, output)


@app.command("answer")
def answer(
    request_id: str,
    comment: Annotated[str, typer.Option("-m", "--comment", help="The answer; required.")],
    output: OutputOption = Output.TABLE,
) -> None:
    """Answer an approver's question about your request."""
    _decide("answer", request_id, comment, output)


@app.command("ask-help")
def ask_help(request_id: str, comment: Comment = "", output: OutputOption = Output.TABLE) -> None:
    """Ask leads and platform admins to mend what made a request fail."""
    _decide("ask-help", request_id, comment, output)


@app.command("cancel")
def cancel(request_id: str, comment: Comment = "", output: OutputOption = Output.TABLE) -> None:
    """Stop a request before its next step."""
    _decide("cancel", request_id, comment, output)


@app.command("retry")
def retry(request_id: str, comment: Comment = "", output: OutputOption = Output.TABLE) -> None:
    """Run a failed request again."""
    _decide("retry", request_id, comment, output)


def follow(client: Portal, request: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """Show steps as they end until the request has ended or waits for a person."""
    told: set[str] = set()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task(request["phase"])
        while True:
            for step in request["steps"]:
                is_news = step["status"] in ("done", "failed", "skipped")
                if is_news and step["name"] not in told and not quiet:
                    told.add(step["name"])
                    progress.console.print(f"{step['status']:8} {step['name']}", highlight=False)
            waits_for = (request["error"] or {}).get("message", "")
            if waits_for and waits_for not in told and not quiet:
                told.add(waits_for)
                progress.console.print(waits_for, highlight=False, markup=False, soft_wrap=True)
            progress.update(task, description=request["phase"])
            if request["status"] in _ENDED or request["phase"] == "awaiting-approval":
                return request
            time.sleep(POLL_S)
            request = client.get(f"/requests/{request['request_id']}")


def _steps(request: dict[str, Any]) -> Any:
    rows = [
        {
            "step": step["name"],
            "status": step["status"],
            "objects": ", ".join(step["objects"]),
            "error": (step["error"] or {}).get("message"),
        }
        for step in request["steps"]
    ]
    return table_of(rows, ["step", "status", "objects", "error"])


def report(request: dict[str, Any], output: Output) -> None:
    """Show how a request stands; a failed one ends the command with exit code 1."""
    if output is not Output.TABLE:
        show(request, output)
    else:
        took = f" in {request['duration_ms']} ms" if request["duration_ms"] is not None else ""
        words = f"{request['namespace']}: {request['status']} ({request['phase']}){took}"
        console.print(words, highlight=False)
        console.print(f"request {request['request_id']}", highlight=False)
    failure = request["error"]
    if request["status"] != "failed":
        return
    if failure is not None and output is Output.TABLE:
        console.print(f"{failure['code']}: {failure['message']}", highlight=False, markup=False)
        console.print(f"Fix: {failure['fix']} ({failure['who_can_fix']})", highlight=False)
    raise typer.Exit(ExitCode.FAILED)
