import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from nsaas_app.cli.local_record import (
    AlreadyRunningError,
    LocalRun,
    end_run,
    home_of,
    local_url,
    only_run,
)
from nsaas_app.localcluster.processes import ProcessIdentity


def test_the_home_is_named_by_the_environment_or_lies_in_the_checkout(tmp_path: Path) -> None:
    assert home_of({"NSAAS_HOME": str(tmp_path)}) == tmp_path
    assert home_of({}) == Path(__file__).parents[2] / ".nsaas"


def test_a_run_is_found_while_it_goes_on(tmp_path: Path) -> None:
    assert LocalRun.on(tmp_path) is None

    with only_run(tmp_path):
        LocalRun.of_this_process(8123, is_ready=True).write(tmp_path)
        found = LocalRun.on(tmp_path)
        assert found is not None
        assert (found.pid, found.url, found.is_ready) == (
            os.getpid(),
            "http://localhost:8123",
            True,
        )

    assert LocalRun.on(tmp_path) is None


def test_the_commands_know_where_the_run_of_their_home_listens(tmp_path: Path) -> None:
    environment = {"NSAAS_HOME": str(tmp_path), "NSAAS_PORT": "8200"}
    with only_run(tmp_path):
        LocalRun.of_this_process(8123, is_ready=True).write(tmp_path)
        assert local_url(environment) == "http://localhost:8123"

    assert local_url(environment) == "http://localhost:8200"
    assert local_url({"NSAAS_HOME": str(tmp_path)}) == "http://localhost:8000"


def test_the_second_run_of_a_home_is_refused_with_the_fix(tmp_path: Path) -> None:
    with (
        only_run(tmp_path),
        pytest.raises(AlreadyRunningError, match=f"already running on {tmp_path}") as refused,
        only_run(tmp_path),
    ):
        pytest.fail("two ran on one home")

    assert "nsaas down" in refused.value.fix


def test_the_record_of_a_killed_run_means_nothing(tmp_path: Path) -> None:
    with only_run(tmp_path):
        pass
    stale = {"pid": os.getpid(), "started": "before the reboot", "port": 8000, "is_ready": True}
    (tmp_path / "run" / "up.json").write_text(json.dumps(stale))

    assert LocalRun.on(tmp_path) is None
    with only_run(tmp_path):
        pass


async def test_a_run_is_ended_and_ending_nothing_is_fine(tmp_path: Path) -> None:
    assert not await end_run(tmp_path)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=-1)
    identity = ProcessIdentity.of(process.pid)
    assert identity is not None
    with only_run(tmp_path):
        LocalRun(identity.pid, identity.started, 8000, is_ready=True).write(tmp_path)

        assert await end_run(tmp_path)

    assert not identity.is_alive()
    await process.communicate()
