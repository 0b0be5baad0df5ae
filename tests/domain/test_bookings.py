"""The account of what teams had booked: to the hour, whatever the order it is told in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from nsaas_app.domain.bookings import Booking, account
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import TIERS, Tier

SHOP, BANK = TeamName("shop"), TeamName("bank")
MONDAY = datetime(2030, 1, 7, tzinfo=UTC)
SMALL = Resources.of(TIERS[Tier.SMALL])


def booked(hours: float, tier: Tier = Tier.SMALL, *, name: str = "a", team: TeamName = SHOP,
           is_gone: bool = False) -> Booking:  # fmt: skip
    amount = Resources() if is_gone else Resources.of(TIERS[tier])
    return Booking(MONDAY + timedelta(hours=hours), team, "local", name, amount, is_gone)


def test_a_day_counts_from_the_hour_of_the_booking_to_that_of_the_deletion() -> None:
    found = account(
        [booked(6), booked(30, is_gone=True)], since=MONDAY, now=MONDAY + timedelta(days=3)
    )
    assert [day.hours.cpu for day in found] == [Decimal(18), Decimal(6), Decimal(0)]
    assert [day.namespaces for day in found] == [1, 0, 0]
    assert found[0].end == SMALL
    assert found[1].end == Resources()
    assert found[0].hours.memory == SMALL.memory * 18


def test_a_change_of_size_counts_from_its_moment_and_one_name_is_held_once() -> None:
    changed = [booked(0), booked(12, Tier.MEDIUM), booked(18, Tier.MICRO)]
    day = account(changed, since=MONDAY, now=MONDAY + timedelta(days=1))[0]
    assert day.hours.cpu == 12 * 1 + 6 * 2 + 6 * Decimal("0.5")
    assert day.namespaces == 1


def test_what_was_booked_before_the_window_is_held_when_it_begins() -> None:
    found = account([booked(-100)], since=MONDAY, now=MONDAY + timedelta(hours=6))
    assert [(day.hours.cpu, day.is_whole) for day in found] == [(Decimal(6), False)]


def test_a_day_is_whole_when_it_has_ended_and_was_known_from_its_start() -> None:
    found = account([booked(6)], since=MONDAY, now=MONDAY + timedelta(hours=50))
    assert [day.is_whole for day in found] == [False, True, False]


def test_teams_are_told_apart_and_the_order_of_telling_does_not_matter() -> None:
    bookings = [
        booked(1),
        booked(2, name="b", team=BANK),
        booked(3, Tier.LARGE),
        booked(4, name="b", team=BANK, is_gone=True),
    ]
    now = MONDAY + timedelta(days=1)
    straight = account(bookings, since=MONDAY, now=now)
    bookings.reverse()
    assert account(bookings, since=MONDAY, now=now) == straight
    assert {str(day.team): day.hours.cpu for day in straight} == {
        "bank": Decimal(2),
        "shop": 2 * 1 + 21 * 4,
    }


def test_without_any_booking_there_is_no_account() -> None:
    assert account([], since=MONDAY, now=MONDAY + timedelta(days=9)) == ()
