"""Notices by mail, over SMTP in a thread of its own."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from ..domain.notices import Delivery
from .sending import UndeliveredError

__all__ = ["Mailer"]

TIMEOUT_S: Final = 15.0
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Mailer:
    """Sends mail through one server: `smtp://`, `smtp+starttls://` or `smtps://`.

    Name and password stand in the address, before the host.
    """

    def __init__(self, *, url: str, sender: str, portal_url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            message = f"The mail server's address must begin with one of {', '.join(_PORTS)}."
            raise ValueError(message)
        self._scheme = parts.scheme
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._portal_url = portal_url

    async def send(self, delivery: Delivery) -> None:
        """Send one.

        Raises:
            UndeliveredError: the server did not take it.
        """
        try:
            await asyncio.to_thread(self._send, self._message(delivery))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise UndeliveredError(f"{type(error).__name__}: {error}") from error

    def _message(self, delivery: Delivery) -> EmailMessage:
        notice = delivery.notice
        message = EmailMessage()
        message["Subject"] = notice.title
        message["From"] = self._sender
        message["To"] = delivery.receiver
        message["Date"] = format_datetime(notice.created_at)
        # The same at every attempt: a mailbox that has it shows it once.
        message["Message-ID"] = f"<{delivery.delivery_id}@nsaas>"
        message["Auto-Submitted"] = "auto-generated"
        address = f"{self._portal_url}/namespaces/{notice.namespace}"
        message.set_content(f"{notice.text}\n\n{address}\n\nTeam {notice.team}\n")
        return message

    def _send(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        with server:
            if self._scheme == "smtp+starttls":
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)
