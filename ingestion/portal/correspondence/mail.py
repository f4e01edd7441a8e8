"""Mail: it says that there is something to read at the portal, and nothing else. No figure, no name of a file.

A mail is queued in the ledger and sent afterwards, so that a mail server that is down delays nobody and loses none.
Without a mail server (`PCM_MAIL_HOST`) a line in the log stands for each mail.
"""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from ingestion.catalogue import latest_round
from ingestion.errors import PcmError
from ingestion.languages import Language, country_language, language_for, phrase
from ingestion.ledger.messages import note_mail, queue_mail, unsent_mails
from ingestion.portal.entrance.accounts import account as find_account
from ingestion.portal.entrance.accounts import accounts
from ingestion.portal.roles import ROLES, Account
from ingestion.portal.web.addresses import portal_url
from ingestion.settings import Settings
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.secret_texts import read_secret

log = logging.getLogger(__name__)

SERVER_SECONDS = 20
TLS_FROM_THE_START = 465
MOST_ATTEMPTS = 50  # at one mail; a server that takes none is asked for as long as it lasts
# What a server says of one mail: that it does not know the address, cannot write it, or does not like the text.
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError, smtplib.SMTPDataError)
NEWS, REMINDER, TROUBLE = "news", "reminder", "trouble"
TEXTS = {
    NEWS: (
        phrase("PCM Observatory: there is something to read for you"),
        phrase("There is something to read for you at the portal: {link}"),
    ),
    REMINDER: (
        phrase("PCM Observatory: the deadline is near"),
        phrase("The deadline is {closes_on}. What is still asked of your country is shown at the portal: {link}"),
    ),
    TROUBLE: (
        phrase("PCM Observatory: something needs a look"),
        phrase("Something failed or is late. What it is stands at the portal, under State of the observatory: {link}"),
    ),
}
NO_REPLY = phrase("This mail was sent by a program; please do not reply to it.")


def tell(settings: Settings, country_code: str, verb: str, kind: str, occasion: str) -> int:
    """Queue a mail to everybody who may do something in a country, and return how many are new."""
    able = [role for role, verbs in ROLES.items() if verb in verbs]
    found = [
        each["account_id"]
        for each in accounts(settings)
        if each["role"] in able and each["state"] == "active" and country_code in each["countries"].split()
    ]
    return sum(queue_mail(settings, account_id, kind, occasion) for account_id in found)


def tell_of_news(settings: Settings, country_code: str, verb: str) -> None:
    """Queue a mail that there is something to read; one a day for each account, however much there is."""
    tell(settings, country_code, verb, NEWS, today())


def tell_stewards(settings: Settings, occasion: str) -> None:
    """Queue a mail to every steward that something needs a look."""
    for each in accounts(settings):
        if each["role"] == "steward" and each["state"] == "active":
            queue_mail(settings, each["account_id"], TROUBLE, occasion)


def today() -> str:
    """Return the day, as an occasion."""
    return datetime.now(UTC).date().isoformat()


def deliver(settings: Settings) -> int:
    """Send what is queued and return how many mails were sent; what the mail server does not take is tried again."""
    with exclusively_everywhere(settings, "mail"):
        waiting = unsent_mails(settings, most_attempts=MOST_ATTEMPTS)
        return sum(_deliver(settings, waiting)) if waiting else 0


def _deliver(settings: Settings, waiting: list[dict[str, Any]]) -> Iterator[bool]:
    try:
        with _server(settings) as server:
            for mail in waiting:
                yield _send(settings, server, mail)
    except (OSError, smtplib.SMTPException, PcmError) as error:
        log.warning("The mail server does not take mail; it is tried again: %s", _kind(error))


def _send(settings: Settings, server: smtplib.SMTP | None, mail: dict[str, Any]) -> bool:
    to = find_account(settings, mail["account_id"])
    if to is None:  # shut out since: nobody is told
        note_mail(settings, mail["mail_id"], is_sent=True)
        return False
    if server is None:
        log.warning("Mail (%s) for %s: no mail server is set, so it ends here.", mail["kind"], mail["account_id"])
    else:
        try:
            server.send_message(message_of(settings, to, mail["kind"]))
        except OF_ONE_MAIL as error:  # one wrong address must not stop the others
            log.warning("Mail for %s was refused: %s", mail["account_id"], _kind(error))
            note_mail(settings, mail["mail_id"], is_sent=False)
            return False
    note_mail(settings, mail["mail_id"], is_sent=True)
    return True


def _kind(error: Exception) -> str:
    """Return what a log may hold of an error: what mail servers say has the address in it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"refused {next(iter(error.recipients.values()))[0]}"
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()


def message_of(settings: Settings, to: Account, kind: str) -> EmailMessage:
    """Return the mail of a kind for an account, in the language of its country."""
    language = _language(to)
    subject, body = TEXTS[kind]
    given: dict[str, str | date] = {"link": f"{portal_url(settings)}/", "closes_on": latest_round().closes_on}
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, to.email
    message["Subject"] = language.say(subject)
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=settings.mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{language.say(body, **given)}\n\n{language.say(NO_REPLY)}\n")
    return message


def _language(to: Account) -> Language:
    return language_for(country_language(to.countries[0]) if to.role != "steward" and to.countries else "en")


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP | None]:
    """Give the mail server, signed in; None where none is set. A password goes over an encrypted line only."""
    if not settings.mail_host:
        yield None
        return
    context = ssl.create_default_context()
    is_tls = settings.mail_port == TLS_FROM_THE_START
    address = (settings.mail_host, settings.mail_port)
    connected = (
        smtplib.SMTP_SSL(*address, timeout=SERVER_SECONDS, context=context)
        if is_tls
        else smtplib.SMTP(*address, timeout=SERVER_SECONDS)
    )
    with connected as server:
        server.ehlo()
        if not is_tls and server.has_extn("starttls"):
            server.starttls(context=context)
            is_tls = True
        if settings.mail_user:
            if not is_tls:
                raise PcmError("The mail server offers no encryption, so no password is sent to it.")
            server.login(settings.mail_user, _password(settings))
        yield server


def _password(settings: Settings) -> str:
    if settings.mail_password_file:
        return read_secret("PCM_MAIL_PASSWORD_FILE", settings.mail_password_file)
    return settings.mail_password
