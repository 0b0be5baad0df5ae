import asyncio
import signal
import sys
from pathlib import Path

import pytest

from nsaas_app.localcluster.child import Child, tail
from nsaas_app.localcluster.processes import ProcessIdentity, end_process
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]

PARENT = """
import subprocess, sys, time
from nsaas_app.localcluster.child import tied_command

command, inherited = tied_command(["/bin/sleep", "600"], by_kernel=sys.argv[1] == "kernel")
child = subprocess.Popen(command, pass_fds=inherited)
print(child.pid, flush=True)
time.sleep(600)
"""

FOLLOWER = """
import asyncio, sys
from nsaas_app.localcluster.processes import parent_ended
asyncio.run(parent_ended(int(sys.argv[1])))
"""

STUBBORN = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"


@pytest.mark.parametrize("way", ["kernel", "pipe"])
async def test_a_child_ends_with_its_killed_parent(way: str) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, way, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    await eventually(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n")
    child = ProcessIdentity.of(pid)
    assert child is not None

    parent.kill()
    await parent.wait()

    await eventually(lambda: not child.is_alive())


async def test_a_deaf_child_is_ended_after_the_grace(tmp_path: Path) -> None:
    child = await Child.start("deaf", ["/bin/sh", "-c", STUBBORN], log=tmp_path / "log")
    await eventually(lambda: child.tail() == "deaf")

    await child.stop(grace=0.2)

    assert (await child.wait()).code == -signal.SIGKILL


async def test_a_paused_child_still_hears_that_it_should_end(tmp_path: Path) -> None:
    child = await Child.start("paused", ["/bin/sleep", "600"], log=tmp_path / "log")
    child.signal(signal.SIGSTOP)

    await child.stop(grace=10)

    assert (await child.wait()).code == -signal.SIGTERM


async def test_a_record_names_the_process_and_goes_with_it(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    child = await Child.start("named", ["/bin/sleep", "600"], log=tmp_path / "log", record=record)

    recorded = ProcessIdentity.read(record)
    assert recorded is not None
    assert recorded.pid == child.pid
    assert recorded.is_alive()
    await child.stop(grace=1)
    assert not record.exists()
    assert not recorded.is_alive()


async def test_another_process_with_the_same_pid_is_left_alone(tmp_path: Path) -> None:
    child = await Child.start("innocent", ["/bin/sleep", "600"], log=tmp_path / "log")

    await end_process(ProcessIdentity(child.pid, "a start long ago"), grace=0.1)

    assert ProcessIdentity.of(child.pid) is not None
    await child.stop(grace=1)


def test_a_broken_record_names_nobody(tmp_path: Path) -> None:
    record = tmp_path / "record.json"

    for content in ("", "[]", '{"pid": "x"}', '{"pid": 1}'):
        record.write_text(content)
        assert ProcessIdentity.read(record) is None


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert tail(log) == ""
    log.write_text("\n".join(str(number) for number in range(10_000)))
    assert tail(log, lines=2) == "9998\n9999"


async def test_the_end_of_the_parent_is_noticed() -> None:
    shell = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        '"$0" -c "$1" $$ >&2 & echo $!; wait',
        sys.executable,
        FOLLOWER,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert shell.stdout is not None
    follower = ProcessIdentity.of(int(await shell.stdout.readline()))
    assert follower is not None

    shell.kill()
    await shell.wait()

    await eventually(lambda: not follower.is_alive())


def test_the_stack_of_a_program_does_not_bury_its_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "panic: failed to create WAL\n\ngoroutine 1 [running]:\nmain.main()\n"
        "\tgo.etcd.io/etcd/server/v3@v3.6.8/main.go:31 +0x28\n"
        "go.etcd.io/etcd/server/v3/embed.StartEtcd(0x3a097475808)\ncreated by main.run\n"
    )
    assert tail(log).strip() == "panic: failed to create WAL"
