"""A request in flight on the overview: what it does now, and since when."""

from nsaas_app.ui.overview.flights import Flight
from tests.ui.examples import failed_request, running_request


def test_a_running_one_counts_on_and_an_ended_one_that_is_still_shown_does_not() -> None:
    assert Flight.of(running_request()).since
    ended = Flight.of(failed_request())
    assert (ended.since, ended.words) == ("", ended.line.phase.capitalize())
    assert "start" not in ended.words
