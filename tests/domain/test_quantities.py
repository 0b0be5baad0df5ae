"""Quantities: Kubernetes' grammar, compared by value, written back the short way."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nsaas_app.domain.quantities import QuantityError, binary, cores, parse_quantity

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
NANO = Fraction(1, 10**9)
LARGEST = 2**63 - 1


def by_the_documented_grammar(text: str) -> Fraction | None:
    """Read as resource.Quantity documents it, one character after the other; None: no quantity."""
    sign = -1 if text.startswith("-") else 1
    rest = text[1:] if text[:1] in ("+", "-") else text
    whole = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    rest = rest[len(whole) :]
    part = ""
    if rest.startswith("."):
        rest = rest[1:]
        part = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        rest = rest[len(part) :]
    if not whole + part:
        return None
    scale = _scale(rest)
    if scale is None:
        return None
    value = Fraction(int(whole + part), 10 ** len(part)) * scale
    # What is finer than the smallest unit is rounded up, what is too large is cut off.
    return sign * min(-(-value // NANO) * NANO, Fraction(LARGEST))


def _scale(suffix: str) -> Fraction | None:
    if suffix in DECIMAL:
        return Fraction(10) ** DECIMAL[suffix]
    if suffix in BINARY:
        return Fraction(2) ** BINARY[suffix]
    digits = suffix[2:] if suffix[1:2] in ("+", "-") else suffix[1:]
    if suffix[:1] in ("e", "E") and digits and set(digits) <= set("0123456789"):
        return Fraction(10) ** int(suffix[1:])
    return None


def parsed(text: str) -> Fraction | None:
    try:
        return Fraction(parse_quantity(text))
    except QuantityError:
        return None


texts_that_look_like_quantities = st.from_regex(
    r"[+-]?[0-9]{0,12}\.?[0-9]{0,12}([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{0,2}|[kKi.e]{2})?",
    fullmatch=True,
)


@given(texts_that_look_like_quantities | st.text(alphabet="+-.0123456789numkKMGTPEie", max_size=9))
@example("1E")
@example("1e3")
@example("1E-2")
@example("1Ei")
@example(".5")
@example("5.")
@example("0.0000000001")
@example("8Ei")
def test_the_grammar_and_every_value_are_those_of_kubernetes(text: str) -> None:
    assert parsed(text) == by_the_documented_grammar(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", " 1", "1 ", "1\n", "+", "-", ".", "m", "Ki", "1i", ".5i", "1KI", "1ki", "1mi",
        "1.1.M", "1+1.0M", "--1", "1e", "1e+", "-3.01e-", "1e1.5", "1_000", "1,5", "0x10",
        "NaN", "Infinity", "inf", "\N{ARABIC-INDIC DIGIT ONE}", "1Kii", "true",
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused_with_an_example_to_follow(text: str) -> None:
    with pytest.raises(QuantityError, match="500m"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["1e19", "1e999999999", "1e99999999999999999999999", "9" * 5000])
def test_an_amount_beyond_all_bounds_is_capped_and_never_an_error(text: str) -> None:
    assert parse_quantity(text) == LARGEST
    assert parse_quantity(f"-{text}") == -LARGEST


@pytest.mark.parametrize("text", ["1e-999999999", "1e-99999999999999999999", "0.1n"])
def test_the_least_amount_counts_as_the_smallest_unit(text: str) -> None:
    assert Fraction(parse_quantity(text)) == NANO


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [("500m", "1"), ("1k", "1Ki"), ("900Mi", "1Gi"), ("1G", "1Gi"), ("9", "10"), ("1e3", "1Mi")],
)
def test_amounts_compare_by_value_and_not_as_text(smaller: str, larger: str) -> None:
    assert parse_quantity(smaller) < parse_quantity(larger)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1024Mi", "1Gi"),
        ("0.5", "500m"),
        ("1e3", "1k"),
        ("1", "1000m"),
        ("+2", "2.0"),
        ("1E", "1e18"),
    ],
)
def test_different_spellings_of_one_amount_are_equal(one: str, other: str) -> None:
    assert parse_quantity(one) == parse_quantity(other)


def test_numbers_are_read_like_their_texts() -> None:
    assert parse_quantity(1.5) == Decimal("1.5")
    assert parse_quantity(2) == parse_quantity("2")


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_cpu_is_written_in_cores_or_thousandths_and_read_back_the_same(milli: int) -> None:
    text = cores(Decimal(milli) / 1000)
    assert parse_quantity(text) * 1000 == milli
    assert text.endswith("m") == (milli % 1000 != 0)


@given(st.integers(min_value=0, max_value=2**62))
@example(3 * 2**40)
@example(1536 * 2**20)
def test_bytes_are_written_with_the_largest_exact_suffix_and_read_back_the_same(size: int) -> None:
    text = binary(Decimal(size))
    assert parse_quantity(text) == size
    number = text.rstrip("TGMKi")
    units = ["Ti", "Gi", "Mi", "Ki", ""]
    larger = units[: units.index(text[len(number) :])]
    assert not any(size and size % 2 ** BINARY[unit] == 0 for unit in larger)


@pytest.mark.parametrize(
    ("value", "text"), [("0.0005", "1m"), ("2", "2"), ("0.25", "250m"), ("0", "0"), ("1E+2", "100")]
)
def test_cpu_rounds_up_to_what_can_be_written(value: str, text: str) -> None:
    assert cores(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0"), ("0.5", "1"), ("1024", "1Ki"), ("1025", "1025")]
)
def test_bytes_round_up_to_whole_ones(value: str, text: str) -> None:
    assert binary(Decimal(value)) == text
