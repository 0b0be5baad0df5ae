"""A handler gets what it takes, or does not run."""

from typing import Any

import pytest

from nsaas_app.ui.payloads import fits


async def handler(self: object, text: str, number: int, names: list[str], *, is_on: bool) -> None:
    """Take one of each."""


async def plain(self: object) -> None:
    """Take nothing."""


async def form(self: object, form: dict[str, str]) -> None:
    """Take a form."""


GOOD: dict[str, Any] = {"text": "a", "number": 3, "is_on": True, "names": ["b"]}


def test_what_a_page_sends_fits() -> None:
    assert fits(handler, GOOD)
    assert fits(handler, {"text": "", "number": 0, "is_on": False, "names": []})
    assert fits(plain, {})
    assert fits(form, {"form": {"q": "x"}})
    assert fits(form, {"form": {"q": "x", "": None}}), "a browser's form has more than its texts"


@pytest.mark.parametrize(
    "odd",
    [
        GOOD | {"text": None},
        GOOD | {"text": 5},
        GOOD | {"number": "3"},
        GOOD | {"number": True},
        GOOD | {"number": 1.5},
        GOOD | {"is_on": 1},
        GOOD | {"names": "b"},
        GOOD | {"names": [1]},
        GOOD | {"more": 1},
        {"text": "a"},
        {},
        [],
        None,
        "text",
    ],
)
def test_anything_else_does_not(odd: object) -> None:
    assert not fits(handler, odd)


def test_no_arguments_and_forms_are_looked_at_too() -> None:
    assert not fits(plain, {"a": 1})
    assert not fits(form, {"form": ["x"]})
    assert not fits(form, {"form": None})
