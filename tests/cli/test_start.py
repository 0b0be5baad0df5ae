"""The command line answers at once: it loads nothing that a server alone needs."""

import subprocess
import sys
from typing import Final

SERVERS: Final = {"sqlalchemy", "sqlmodel", "alembic", "reflex", "fastapi", "uvicorn", "kubernetes"}
"""Each takes longer to load than all the rest of the command line."""


def loaded_by(module: str) -> set[str]:
    """What a fresh process has loaded once it has loaded this."""
    program = f"import sys, {module}; print(*sys.modules)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_a_command_loads_no_server() -> None:
    assert loaded_by("nsaas_app.cli.main") & SERVERS == set()


def test_what_a_server_needs_would_be_seen() -> None:
    assert loaded_by("nsaas_app.store.audit") & SERVERS == {"sqlalchemy", "sqlmodel"}
