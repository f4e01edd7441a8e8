"""The ledger: which submissions arrived, what became of each, what stewards decided.

Events only wake the work; this says what it is.
"""

from ingestion.ledger import account_tables, audit_log, four_eyes, messages  # their tables are made with the others
from ingestion.ledger.counting import count_again, landed_submissions, set_aside, set_aside_now
from ingestion.ledger.decisions import broken_decision, decide, decisions
from ingestion.ledger.excuses import (
    justifications,
    justifications_in_force,
    record_justification,
    record_waivers,
    waivers,
)
from ingestion.ledger.holds import holds_in_force, holds_of, left_out, record_holds, release_hold
from ingestion.ledger.submissions import (
    announce_waiting,
    find,
    inbox_names,
    record_answer,
    record_arrival,
    record_fault,
    submissions,
    unanswered,
)
from ingestion.ledger.tables import METADATA

__all__ = [
    "METADATA",
    "account_tables",
    "announce_waiting",
    "audit_log",
    "broken_decision",
    "count_again",
    "decide",
    "decisions",
    "find",
    "four_eyes",
    "holds_in_force",
    "holds_of",
    "inbox_names",
    "justifications",
    "justifications_in_force",
    "landed_submissions",
    "left_out",
    "messages",
    "record_answer",
    "record_arrival",
    "record_fault",
    "record_holds",
    "record_justification",
    "record_waivers",
    "release_hold",
    "set_aside",
    "set_aside_now",
    "submissions",
    "unanswered",
    "waivers",
]
