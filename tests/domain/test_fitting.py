"""Will it fit: by value, and short by exactly as much as is missing."""

from decimal import Decimal
from itertools import product

import pytest

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.fitting import Wish, shortfalls
from nsaas_app.domain.quantities import parse_quantity

LEFT = {
    "requests.cpu": parse_quantity("1"),
    "requests.memory": parse_quantity("2Gi"),
    "pods": Decimal(10),
}


def test_what_fits_to_the_last_core_fits() -> None:
    assert shortfalls(Wish.parse("4", "250m", "512Mi"), LEFT) == {}


def test_it_is_short_by_what_is_missing() -> None:
    assert shortfalls(Wish.parse("5", "260m", "512Mi"), LEFT) == {
        "requests.cpu": "300m CPU",
        "requests.memory": "512Mi memory",
    }
    assert shortfalls(Wish.parse("12", "1m", "1Mi"), LEFT) == {"pods": "2 pods"}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("0", "1", "1Gi"), "replicas"),
        (("three", "1", "1Gi"), "replicas"),
        (("\u0663", "1", "1Gi"), "replicas"),
        (("1", "much", "1Gi"), "cpu"),
        (("1", "0", "1Gi"), "cpu"),
        (("1", "1", "-1Gi"), "memory"),
    ],
)
def test_what_is_no_number_is_told_at_its_field(typed: tuple[str, str, str], field: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        Wish.parse(*typed)
    assert [issue.field for issue in refused.value.issues] == [field]


def test_it_fits_exactly_when_nothing_is_short() -> None:
    for count, milli, mebi in product((1, 3, 10, 11), (1, 99, 100, 333, 1001), (1, 204, 205, 2049)):
        wish = Wish.parse(str(count), f"{milli}m", f"{mebi}Mi")
        fits = count <= 10 and count * milli <= 1000 and count * mebi <= 2048
        assert (shortfalls(wish, LEFT) == {}) is fits
