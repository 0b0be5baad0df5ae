"""`--update-golden` writes the golden manifests anew; without it they are compared."""

from collections.abc import Iterable

import pytest
import yaml

from nsaas_app.manifests.manifest import Manifest
from tests.manifests.examples import GOLDEN, Golden


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden manifests anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare manifests with the golden file of a name."""

    def compare(name: str, manifests: Iterable[Manifest]) -> None:
        text = yaml.safe_dump_all(manifests, sort_keys=False, width=100)
        path = GOLDEN / f"{name}.yaml"
        # The option is known only when pytest is called on this folder.
        if request.config.getoption("update_golden", default=False):
            path.write_text(text)
        assert path.exists(), f"{path.name} is missing: make golden, then review it"
        assert path.read_text() == text, "make golden, then review the difference"

    return compare
