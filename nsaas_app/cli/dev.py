"""`nsaas dev …`: sign-in addresses and tokens of a local run. Refused everywhere else."""

import asyncio
import os
from datetime import timedelta
from typing import Final

import typer

from ..identity.dev import DEV_IDENTITIES, dev_identity
from ..identity.roles import Identity
from ..localcluster.layout import Layout
from ..settings import Settings, SettingsError, load_settings
from .console import ExitCode, fail
from .local_record import LocalRun, home_of
from .serve import ensure_dev_is_safe

__all__ = ["app", "local_token", "take_local_run"]

app = typer.Typer(no_args_is_help=True, help="Identities of a local run.")

TOKEN_LIFETIME: Final = timedelta(hours=1)
ONE_CALL: Final = timedelta(minutes=1)


def take_local_run() -> None:
    """Take over what `nsaas up` decided for the portal that runs in this home, if one does."""
    run = LocalRun.on(home_of())
    if run is None:
        return
    os.environ.setdefault("NSAAS_PORT", str(run.port))
    if Layout(home_of()).portal_kubeconfig.exists():
        os.environ.setdefault("NSAAS_ENV", "dev")


def _settings() -> Settings:
    """Settings of the local run whose home this is."""
    home = home_of()
    if Layout(home).portal_kubeconfig.exists():
        os.environ.setdefault("NSAAS_ENV", "dev")
    take_local_run()
    os.environ["NSAAS_HOME"] = str(home)
    try:
        settings = load_settings()
        ensure_dev_is_safe(settings)
    except SettingsError as error:
        fail(str(error), ExitCode.REFUSED)
    if not settings.is_dev:
        fail(
            f"{home} is no home of a local run, so dev identities do not exist here.",
            ExitCode.REFUSED,
            fix="run `make up` first, or set NSAAS_HOME",
        )
    return settings


def _identity(name: str) -> Identity:
    identity = dev_identity(name)
    if identity is None:
        names = ", ".join(DEV_IDENTITIES)
        fail(f"There is no identity {name!r}; there are {names}.", ExitCode.REFUSED)
    return identity


@app.command("sign-in-url")
def sign_in_url(identity: str) -> None:
    """Print a one-time address that signs an identity in."""
    settings = _settings()
    _identity(identity)

    # The runtime brings database and cluster libraries along; other commands start without them.
    from ..runtime import identity_services  # noqa: PLC0415

    async def make() -> str:
        async with identity_services(settings) as services:
            return await services.sign_in.new_code(identity)

    typer.echo(f"{settings.url}/auth/dev?code={asyncio.run(make())}")


@app.command("token")
def token(identity: str) -> None:
    """Print an API token of an identity, valid for one hour."""
    typer.echo(_issue(_settings(), _identity(identity), TOKEN_LIFETIME))


def local_token(identity: str) -> str:
    """A token for this very call, where this is a local run; empty anywhere else."""
    if not Layout(home_of()).portal_kubeconfig.exists():
        return ""
    try:
        settings = _settings()
    except typer.Exit:
        return ""
    return _issue(settings, _identity(identity), ONE_CALL)


def _issue(settings: Settings, who: Identity, lifetime: timedelta) -> str:
    from ..runtime import identity_services  # noqa: PLC0415 - see `sign_in_url`

    async def make() -> str:
        async with identity_services(settings) as services:
            return await services.tokens.issue(who, name="nsaas dev token", lifetime=lifetime)

    return asyncio.run(make())
