"""What goes wrong with tables: errors in the figures, choices that do not exist, audits that do not end."""

from ingestion.errors import PcmError


class WrongTotalsError(PcmError):
    """Counts contradict each other: an error in the figures, whose equation the message names. Exit code 1."""

    exit_code = 1


class UnprotectableError(PcmError):
    """No choice protects: too much of what would have to be hidden is forced to be shown."""


class AuditUnfinishedError(PcmError):
    """The solver failed or ran out of time: what was not audited is not published."""
