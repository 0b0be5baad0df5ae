"""Deliveries to real receivers on this machine: signed, retried, each once, none lost."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from nsaas_app.domain.names import TeamName
from nsaas_app.domain.notices import Channel, Notice, NoticeKind
from nsaas_app.lifecycle.mail import Mailer
from nsaas_app.lifecycle.sending import ATTEMPTS, LEASE, LONGEST_PAUSE, Sender, Sending
from nsaas_app.lifecycle.webhook import Webhook
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from tests.support.clocks import Clock
from tests.support.receivers import MailBox, PostBox, receiving_mail, receiving_posts

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRET = "between us"  # pragma: allowlist secret


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def stores(database: Database) -> Stores:
    return Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=LedgerStore(),
        audit=AuditStore(key=b"key"),
    )


@pytest.fixture
async def posts() -> AsyncIterator[PostBox]:
    async with receiving_posts() as box:
        yield box


@pytest.fixture
async def mails() -> AsyncIterator[MailBox]:
    async with receiving_mail() as box:
        yield box


async def told(stores: Stores, *receivers: tuple[Channel, str], number: int = 1) -> Notice:
    notice = Notice(
        notice_id=f"n{number}",
        key=f"expiring/{number}",
        kind=NoticeKind.EXPIRING,
        cluster="local",
        namespace="shop-dev",
        team=TeamName("frontend"),
        owner="ada@mail.test",
        title="shop-dev expires within 3 days",
        text="Renew it to keep it.",
        created_at=START,
    )
    async with stores.database.transaction() as connection:
        assert await stores.notices.add(connection, notice, receivers)
        assert not await stores.notices.add(connection, notice, receivers)
    return notice


async def states(stores: Stores) -> dict[str, int]:
    async with stores.database.reading() as connection:
        return await stores.notices.count_by_state(connection)


def webhook(box: PostBox, clock: Clock) -> dict[Channel, Sender]:
    sender = Webhook(url=box.url, secret=SECRET, portal_url="https://portal.test", clock=clock)
    return {Channel.WEBHOOK: sender}


def mailer(url: str) -> dict[Channel, Sender]:
    sender = Mailer(url=url, sender="nsaas@portal.test", portal_url="https://portal.test")
    return {Channel.MAIL: sender}


async def test_a_webhook_is_signed_and_says_all(
    stores: Stores, posts: PostBox, clock: Clock
) -> None:
    await told(stores, (Channel.WEBHOOK, ""))
    sending = Sending(stores=stores, senders=webhook(posts, clock), clock=clock)

    assert [await sending.send_due() for _ in range(3)] == [1, 0, 0]

    (post,) = posts.posted
    stamp, _, signed = post.headers["x-nsaas-signature"].removeprefix("t=").partition(",v1=")
    assert int(stamp) == int(START.timestamp())
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + post.body, sha256).hexdigest()
    assert hmac.compare_digest(signed, expected)
    document = json.loads(post.body)
    assert document["event"] == post.headers["x-nsaas-event"] == "namespace.expiring"
    assert document["url"] == "https://portal.test/namespaces/shop-dev"
    assert document["delivery"] == post.headers["x-nsaas-delivery"]
    assert await states(stores) == {"delivered": 1}


async def test_a_receiver_that_stumbles_gets_it_later_under_the_same_number(
    stores: Stores, posts: PostBox, clock: Clock
) -> None:
    await told(stores, (Channel.WEBHOOK, ""))
    posts.answers = [500, 302, 429]
    for _ in range(3):
        # Each process anew: what waits is in the database alone.
        sending = Sending(stores=stores, senders=webhook(posts, clock), clock=clock)
        assert await sending.send_due() == 0
        assert await sending.send_due() == 0, "not before its pause is over"
        clock.now += timedelta(minutes=5)

    assert await Sending(stores=stores, senders=webhook(posts, clock), clock=clock).send_due() == 1

    assert len({post.headers["x-nsaas-delivery"] for post in posts.posted}) == 1
    assert len(posts.posted) == 4
    assert await states(stores) == {"delivered": 1}


async def test_processes_that_send_at_once_send_it_once(
    stores: Stores, posts: PostBox, clock: Clock
) -> None:
    for number in range(5):
        await told(stores, (Channel.WEBHOOK, ""), number=number)
    sending = [Sending(stores=stores, senders=webhook(posts, clock), clock=clock) for _ in range(4)]
    assert sum(await asyncio.gather(*(each.send_due() for each in sending))) == 5
    assert len(posts.posted) == 5


async def test_what_a_process_took_with_it_is_sent_by_another_one(
    stores: Stores, posts: PostBox, clock: Clock
) -> None:
    await told(stores, (Channel.WEBHOOK, ""))
    async with stores.database.transaction() as connection:
        assert await stores.notices.take_due(connection, now=clock.now, lease=LEASE)
    sending = Sending(stores=stores, senders=webhook(posts, clock), clock=clock)
    assert await sending.send_due() == 0
    clock.now += LEASE
    assert await sending.send_due() == 1


async def test_one_who_never_answers_is_given_up_in_the_end(
    stores: Stores, posts: PostBox, clock: Clock
) -> None:
    await told(stores, (Channel.WEBHOOK, ""))
    posts.answers = [503] * (ATTEMPTS + 1)
    sending = Sending(stores=stores, senders=webhook(posts, clock), clock=clock)
    for _ in range(ATTEMPTS + 1):
        await sending.send_due()
        clock.now += LONGEST_PAUSE
    assert len(posts.posted) == ATTEMPTS
    assert await states(stores) == {"failed": 1}


async def test_mail_reaches_every_receiver_and_is_retried(
    stores: Stores, mails: MailBox, clock: Clock
) -> None:
    receivers = ("ada@mail.test", "leads@mail.test")
    await told(stores, *((Channel.MAIL, receiver) for receiver in receivers))
    mails.refusals = 1
    sending = Sending(stores=stores, senders=mailer(mails.url), clock=clock)

    assert await sending.send_due() == 1
    clock.now += timedelta(minutes=5)
    assert await sending.send_due() == 1

    assert sorted(receiver for receiver, _ in mails.mails) == sorted(receivers)
    _, message = mails.mails[0]
    assert message["Subject"] == "shop-dev expires within 3 days"
    assert message["From"] == "nsaas@portal.test"
    body = message.get_payload()
    assert isinstance(body, str)
    assert "https://portal.test/namespaces/shop-dev" in body
    assert await states(stores) == {"delivered": 2}


async def test_a_mail_server_that_is_away_loses_nothing(stores: Stores, clock: Clock) -> None:
    await told(stores, (Channel.MAIL, "ada@mail.test"))
    async with receiving_mail() as gone:
        url = gone.url
    assert await Sending(stores=stores, senders=mailer(url), clock=clock).send_due() == 0
    assert await states(stores) == {"pending": 1}


@pytest.mark.parametrize("url", ["http://mail.test", "mail.test:25", "smtp://"])
def test_a_mail_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        mailer(url)
