"""Sealed secrets come back under every key that is known, and under no other."""

import pytest

from nsaas_app.identity.sealing import Purpose, Sealer

OLD, NEW = "o" * 40, "n" * 40


def test_a_new_key_goes_in_front_and_what_the_old_one_sealed_still_opens() -> None:
    before, prepared, after = Sealer((OLD,)), Sealer((OLD, NEW)), Sealer((NEW, OLD))
    by_old = before.seal("refresh", purpose=Purpose.REFRESH_TOKEN)
    by_new = after.seal("refresh", purpose=Purpose.REFRESH_TOKEN)

    # While processes of both steps run side by side, each opens what the other sealed.
    for sealer in (prepared, after):
        assert sealer.open(by_old, purpose=Purpose.REFRESH_TOKEN) == "refresh"
        assert sealer.open(by_new, purpose=Purpose.REFRESH_TOKEN) == "refresh"
    assert before.open(by_new, purpose=Purpose.REFRESH_TOKEN) is None
    assert Sealer((NEW,)).open(by_old, purpose=Purpose.REFRESH_TOKEN) is None


@pytest.mark.parametrize("purpose", [Purpose.ATTEMPT, Purpose.ID_TOKEN])
def test_what_was_sealed_for_one_purpose_opens_for_no_other(purpose: Purpose) -> None:
    sealer = Sealer((OLD,))
    sealed = sealer.seal("x", purpose=Purpose.REFRESH_TOKEN)
    assert sealer.open(sealed, purpose=purpose) is None
