"""Settings come from the environment (`PCM_*`) and nowhere else; an unknown one is refused, never ignored."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from ingestion.errors import UsageError
from ingestion.licences import LICENCES

PUBLISHING_POLICIES = ("automatic", "approval")
SQLITE, POSTGRESQL = "sqlite:///", "postgresql+psycopg://"
LOG_FORMATS = ("text", "json")
LOOPBACK = "127.0.0.1"
PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Everything that an operator may set, with its default; `PCM_SITE_PORT` sets `site_port`, and so on.

    Units: sizes in megabytes, times in seconds.
    """

    home: Path = Path(".pcm")
    store: str = field(default="", repr=False)  # where the home is kept, too: s3://... or file:///...; empty: nowhere
    ledger: str = field(default="", repr=False)  # postgresql+psycopg://... or sqlite:///...; empty: a file in the home
    ledger_password_file: str = ""  # a file that holds the password of the ledger's user and nothing else
    airflow_db: str = ""  # empty: the embedded PostgreSQL
    airflow_port: int = 8080
    site_port: int = 8090
    site_host: str = LOOPBACK  # in a container: 0.0.0.0, because its proxy is elsewhere
    site_url: str = ""  # the site's public address, https://..., for who cites a page; empty: pages name their path
    contact: str = ""  # whom readers of the figures may ask: an address of mail, or of a page; empty: nobody is named
    licence: str = "CC-BY-4.0"  # under which releases are published, by its SPDX name: one of ingestion/licences.py
    portal_port: int = 8091
    portal_host: str = LOOPBACK  # as site_host
    portal_url: str = ""  # the portal's public address, https://...; empty: http on this machine
    oidc_issuer: str = ""  # the provider by which people sign in as well, https://...; empty: none
    oidc_client_id: str = ""
    oidc_secret_file: str = ""  # a file that holds the client's secret and nothing else
    oidc_claim: str = ""  # a claim that says role and countries (contact:LU); empty: only the accounts table does
    max_file_mb: int = 200
    slow_seconds: float = 30.0  # a line of the portal on which hardly anything goes through for so long is cut off
    settle_seconds: float = 1.0  # a file in the inbox is taken when it has not changed for so long
    desk_seconds: float = 120.0  # the longest that reading and checking one file may take
    desk_memory_mb: int = 4096  # address space of the process that reads a file
    publishing: str = "automatic"  # or "approval": a steward decides on each release
    keep_whole_hours: float = 1.0  # an older release that nobody asked for so long is packed; inf: never
    sql_seconds: float = 10.0  # the longest that one query of the SQL door may take
    sql_memory_mb: int = 512
    sql_max_rows: int = 100_000
    mail_host: str = ""  # the mail server; empty: a line in the log stands for each mail
    mail_port: int = 587  # 465: encrypted from the start; else encrypted where the server offers it
    mail_from: str = ""  # the address that mail comes from
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_password_file: str = ""  # instead of it: a file that holds the password and nothing else
    region_shapes: str = ""  # shapes of NUTS 2 regions for maps, made by dashboards.maps.build_shapes; empty: none
    log_level: str = "WARNING"
    log_format: str = "text"  # or "json": one object a line, for programs that collect logs
    otlp_url: str = ""  # an OpenTelemetry collector for Airflow's own metrics, http://...:4318; empty: none
    openlineage_url: str = ""  # where OpenLineage events are posted, beside their file; empty: nowhere


def load_settings(*, home: str | Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process; `home` (the command line's `--home`) wins over `PCM_HOME`.

    Errors: `UsageError` for an unknown `PCM_*` variable or a value of the wrong kind.
    """
    environ = os.environ if environ is None else environ
    kinds = {f"PCM_{field.name.upper()}": field for field in fields(Settings)}
    values: dict[str, object] = {}
    for name, text in environ.items():
        if name.startswith("PCM_"):
            field = kinds.get(name)
            if field is None:
                raise UsageError(_unknown_setting(name, list(kinds)))
            values[field.name] = _parse(name, text, field.type)
    if home is not None:
        values["home"] = Path(home)
    settings = Settings(**values)  # type: ignore[arg-type]
    _require_sensible(settings)
    return replace(settings, home=settings.home.expanduser().absolute())


def _require_sensible(settings: Settings) -> None:
    if settings.publishing not in PUBLISHING_POLICIES:
        raise UsageError(f"PCM_PUBLISHING is {settings.publishing!r}; it must be {' or '.join(PUBLISHING_POLICIES)}.")
    if settings.licence not in LICENCES:
        raise UsageError(f"PCM_LICENCE is {settings.licence!r}; it must be one of {', '.join(LICENCES)}.")
    if settings.ledger and not settings.ledger.startswith((SQLITE, POSTGRESQL)):
        # What was given is not repeated: it may hold a password.
        raise UsageError(
            f"PCM_LEDGER must begin with {POSTGRESQL} or {SQLITE}; empty, the ledger is a file in the home."
        )
    if settings.log_format not in LOG_FORMATS:
        raise UsageError(f"PCM_LOG_FORMAT is {settings.log_format!r}; it must be {' or '.join(LOG_FORMATS)}.")
    if settings.mail_host and "@" not in settings.mail_from:
        raise UsageError("PCM_MAIL_HOST needs PCM_MAIL_FROM, the address that mail comes from.")


def _parse(name: str, text: str, kind: object) -> object:
    try:
        return kind(text)  # type: ignore[operator]
    except ValueError:
        raise UsageError(f"{name} is {text!r}; it must be a number, for example {name}=8090.") from None


def _unknown_setting(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known settings: {', '.join(sorted(known))}."
    return f"{name} is not a setting of the observatory. {hint}"
