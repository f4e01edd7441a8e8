"""The ledger: which submissions arrived, what became of each. Events only wake the work; this says what it is."""

from ingestion.ledger import account_tables, audit_log  # their tables are made with the others
from ingestion.ledger.submissions import (
    announce_waiting,
    find,
    landed_submissions,
    record_answer,
    record_arrival,
    record_fault,
    submissions,
    unanswered,
)

__all__ = [
    "account_tables",
    "announce_waiting",
    "audit_log",
    "find",
    "landed_submissions",
    "record_answer",
    "record_arrival",
    "record_fault",
    "submissions",
    "unanswered",
]
