"""Mail on a machine that sends none: printed on the terminal, to be read and its links opened."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class PrintedMail(EmailBackend):
    """The text alone. Django's own prints what would travel, where a long link is broken in two."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"\n--- Mail to {', '.join(message.to)}: {message.subject}\n\n{message.body}\n---\n\n")
