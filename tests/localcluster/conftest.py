"""What the tests of this folder share: a publisher of programs, and a recorder of progress."""

from collections.abc import Iterator

import pytest

from tests.localcluster.releasesite import ReleaseSite, release_site


class Heard:
    """Remembers the words of every report."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fractions: list[float | None] = []
        self.elapsed: list[float | None] = []

    def __call__(
        self, phase: str, *, fraction: float | None = None, elapsed: float | None = None
    ) -> None:
        self.lines.append(phase)
        self.fractions.append(fraction)
        self.elapsed.append(elapsed)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def site() -> Iterator[ReleaseSite]:
    with release_site() as published:
        yield published
