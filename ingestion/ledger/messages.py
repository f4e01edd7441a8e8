"""What contacts and stewards write to each other about a submission, and the mails that tell of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint, insert, select, update

from ingestion.ledger.tables import METADATA, insert_into, ledger_engine, read_rows
from ingestion.settings import Settings
from ingestion.store.locks import exclusively_everywhere

# One row per message. A thread is the messages of one submission.
MESSAGES = Table(
    "messages",
    METADATA,
    Column("message_id", Integer, primary_key=True),
    Column("submission_id", String, ForeignKey("submissions.submission_id"), nullable=False),
    Column("account_id", String, nullable=False),
    Column("is_steward", Boolean, nullable=False),
    Column("text", String, nullable=False),
    Column("written_at", String, nullable=False),
)

# One row per (account, kind of mail, occasion): nobody is told twice of one occasion.
MAILS = Table(
    "mails",
    METADATA,
    Column("mail_id", Integer, primary_key=True),
    Column("account_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("occasion", String, nullable=False),
    Column("queued_at", String, nullable=False),
    Column("sent_at", String),
    Column("attempts", Integer, nullable=False, default=0),
    UniqueConstraint("account_id", "kind", "occasion"),
)


def write_message(settings: Settings, submission_id: str, account_id: str, text: str, *, is_steward: bool) -> bool:
    """Add a message to a thread and say whether it is new: what the same account said last is not said twice."""
    message = {"submission_id": submission_id, "account_id": account_id, "is_steward": is_steward, "text": text}
    with exclusively_everywhere(settings, "messages"):  # a second click comes while the first one is written
        last = thread(settings, submission_id)[-1:]
        if last and all(last[0][key] == value for key, value in message.items()):
            return False
        with ledger_engine(settings).begin() as connection:
            connection.execute(insert(MESSAGES).values(**message, written_at=_now()))
    return True


def thread(settings: Settings, submission_id: str) -> list[dict[str, Any]]:
    """Return the messages about a submission, oldest first."""
    about = MESSAGES.c.submission_id == submission_id
    return read_rows(settings, select(MESSAGES).where(about).order_by(MESSAGES.c.message_id))


def last_messages(settings: Settings) -> list[dict[str, Any]]:
    """Return the last message of each thread, the latest first: who wrote it waits for the others."""
    last = {row["submission_id"]: row for row in read_rows(settings, select(MESSAGES).order_by(MESSAGES.c.message_id))}
    return sorted(last.values(), key=lambda message: -message["message_id"])


def queue_mail(settings: Settings, account_id: str, kind: str, occasion: str) -> bool:
    """Queue a mail and say whether it is new: one that was queued for this occasion is not queued again."""
    mail = {"account_id": account_id, "kind": kind, "occasion": occasion, "queued_at": _now()}
    with ledger_engine(settings).begin() as connection:
        queued = insert_into(connection, MAILS).values(mail).on_conflict_do_nothing()
        return bool(connection.execute(queued).rowcount)


def unsent_mails(settings: Settings, *, most_attempts: int) -> list[dict[str, Any]]:
    """Return the mails that were not sent yet and not tried too often, oldest first."""
    open_ = MAILS.c.sent_at.is_(None) & (MAILS.c.attempts < most_attempts)
    return read_rows(settings, select(MAILS).where(open_).order_by(MAILS.c.mail_id))


def note_mail(settings: Settings, mail_id: int, *, is_sent: bool) -> None:
    """Note that a mail was sent, or that it was tried in vain."""
    values = {"sent_at": _now()} if is_sent else {"attempts": MAILS.c.attempts + 1}
    with ledger_engine(settings).begin() as connection:
        connection.execute(update(MAILS).where(MAILS.c.mail_id == mail_id).values(values))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
