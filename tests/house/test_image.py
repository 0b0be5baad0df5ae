"""The image: what its last stage promises, and that its very command starts, answers and ends."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.run_image_command import read_final_stage
from tests.support.served import built_front_end

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_the_command_is_in_exec_form_and_listens_for_the_world() -> None:
    stage = read_final_stage(DOCKERFILE)
    assert " ".join(stage.command) == "nsaas serve --host 0.0.0.0 --port 8000"
    assert stage.directory == "/app"
    assert stage.environment["NSAAS_HOME"] == "/var/lib/nsaas"


def test_it_runs_as_nobody_in_particular() -> None:
    assert re.search(r"^USER 10001:10001$", FINAL, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", FINAL, re.MULTILINE)
    assert "org.opencontainers.image.licenses" in FINAL


def test_the_toolchain_stays_in_the_build_stage() -> None:
    assert not re.search(r"npm|bun|node", FINAL)
    assert re.findall(r"^COPY .*$", FINAL, re.MULTILINE) == [
        "COPY --from=build /opt/nsaas /opt/nsaas",
        "COPY --from=build /app /app",
    ]


def test_a_shell_form_command_is_not_taken_for_ours() -> None:
    with pytest.raises(ValueError, match="no CMD"):
        read_final_stage('FROM x\nCMD ["a"]\nFROM y\nENV A=1 \\\n  B=2\n')


@pytest.mark.long
def test_the_images_command_runs_here() -> None:
    built_front_end()  # by whoever comes first; how long that takes says nothing about the command
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "run_image_command.py"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert "/healthz answered 200" in done.stderr
