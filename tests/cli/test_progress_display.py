import io

import pytest
from rich.console import Console

from nsaas_app.cli.progress_display import ProgressDisplay


def shown(*, terminal: bool) -> str:
    said = io.StringIO()
    console = Console(file=said, force_terminal=terminal, width=200, soft_wrap=True)
    with ProgressDisplay(console) as display:
        display("Building [red]kwok[/red]")
        display("Building kwok", fraction=0.25, elapsed=2.0)
        display("Building kwok", fraction=0.5, elapsed=4.0)
        display("Starting")
    return said.getvalue()


def test_in_a_pipe_a_phase_is_one_plain_line() -> None:
    assert shown(terminal=False).splitlines() == ["Building [red]kwok[/red]", "Starting"]


def test_on_a_terminal_a_phase_moves_in_place() -> None:
    said = shown(terminal=True)

    assert "Building kwok 50% (4 s)" in said
    assert said.index("Building kwok 50%") < said.index("Starting")


def test_an_answer_goes_to_standard_output_and_ends_the_moving_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = io.StringIO()
    console = Console(file=said, force_terminal=True, width=200)
    with ProgressDisplay(console) as display:
        display("Starting", elapsed=2.0)
        display.answer("Ready: http://localhost:8000")
        assert said.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")

    assert capsys.readouterr().out == "Ready: http://localhost:8000\n"
