"""Letters from a team's server: that a draft is ready or could not be made, and that a meeting was shared.

They name the meeting and link to it; nothing of what was said is in them. Sent through the organisation's own mail server,
encrypted where it offers STARTTLS (RFC 3207). Without ``mail_server`` none is sent.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from pipeline.archive.access import is_email
from pipeline.settings import Settings
from pipeline.swedish.messages import LETTERS

PATIENCE = 20.0  # seconds for the mail server to answer


def send(settings: Settings, to: str | None, letter: str, *, meeting_id: str, title: str) -> bool | None:
    """Send one of LETTERS. None when there is nobody or no server to send to, False when the server did not take it."""
    if not settings.mail_server or not to or not is_email(to):
        return None
    subject, body = LETTERS[letter]
    title = " ".join(title.split())
    message = EmailMessage()
    message["From"] = settings.mail_from or f"protokollist@{to.rpartition('@')[2]}"
    message["To"], message["Subject"] = to, subject.format(title=title)
    message["Auto-Submitted"] = "auto-generated"  # no answers from absent people (RFC 3834)
    message.set_content(body.format(title=title, link=f"{settings.public_address.rstrip('/')}/m/{meeting_id}"))
    host, _, port = settings.mail_server.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=PATIENCE) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError):
        return False
    return True
