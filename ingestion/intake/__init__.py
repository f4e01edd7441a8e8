"""Intake: a file in the inbox becomes a submission, and every submission gets an answer."""

from ingestion.intake.claim import anything_waiting, claim_pending, receive, waiting_files
from ingestion.intake.process import process_submission

__all__ = ["anything_waiting", "claim_pending", "process_submission", "receive", "waiting_files"]
