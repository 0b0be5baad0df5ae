"""Commands to get in, for the identity somebody has."""

from nsaas_app.ui.connect import commands_for
from tests.support.actors import actor


def test_a_local_run_acts_as_the_person_with_their_groups() -> None:
    commands = commands_for("frontend-shop-dev", actor("frontend-dev"), is_local=True)
    assert commands[0].text == (
        "kubectl --as frontend-dev --as-group frontend-devs -n frontend-shop-dev get pods"
    )


def test_elsewhere_everybody_has_their_own_credentials() -> None:
    commands = commands_for("frontend-shop-dev", actor("frontend-dev"), is_local=False)
    assert [each.text for each in commands if "--as" in each.text] == []
    assert len({each.key for each in commands}) == len(commands)
