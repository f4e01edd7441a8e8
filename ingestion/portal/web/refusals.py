"""Attempts that were refused stand in the audit log, as many of each origin as nobody makes by mistake."""

from anyio import to_thread
from starlette.requests import Request

from ingestion.ledger.audit_log import record
from ingestion.portal.web.guard import Rate, origin_of

# Of one origin in so many seconds; who tries more often is in the log already, and must not fill it.
MOST, SECONDS = 30, 15 * 60


def refusal_rate() -> Rate:
    """Return what counts the refusals that are written."""
    return Rate(most=MOST, seconds=SECONDS)


async def note(request: Request, status_code: int) -> None:
    """Write who tried what in vain: the account, if it is known, and the kind of page, which holds no secret."""
    if not request.app.state.refusals.allows(origin_of(request)):
        return
    named = request.path_params
    tried = f"{request.method} {getattr(request.scope.get('route'), 'path', '')}".strip()
    await to_thread.run_sync(
        lambda: record(
            request.app.state.settings,
            "refused",
            account_id=getattr(request.state, "account_id", ""),
            subject=named.get("upload_id") or named.get("submission_id") or "",
            tried=tried,
            status_code=status_code,
        )
    )
