"""What a release says in SDMX: components of its two dataflows, shared by the structures and the data.

A hidden figure has one look: no number, `OBS_STATUS` Q and `CONF_STATUS` C. Attributes and measures are those of the
tables; the stratum is divided into the dimensions of the submission format, so that a file of the release has the
columns that a country sends.
"""

from dataclasses import dataclass
from typing import Literal

from ingestion.catalogue import rows

AGENCY, VERSION = "PCM", "1.0"
CONCEPTS = "PCM_CONCEPTS"
TOTAL = "_T"  # where the catalogue's list has no code for all
STANDARDISED = "AGE_STANDARDISED"
STRATA = tuple(row["dimension_code"] for row in rows("dimensions") if row["is_stratum"] == "true")


@dataclass(frozen=True)
class Component:
    """One column of SDMX data: the SQL that makes it, and its code list or type of text."""

    name: str
    role: Literal["dimension", "time", "measure", "attribute"]
    sql: str
    description: str
    code_list: str = ""
    text_type: str = "String"

    @property
    def list_id(self) -> str:
        """The id of its code list in SDMX; empty without one."""
        return f"CL_{self.name}" if self.code_list else ""


@dataclass(frozen=True)
class Flow:
    """One dataflow and its data structure, which share an id."""

    name: str
    title: str
    table: str
    components: tuple[Component, ...]

    @property
    def structure_id(self) -> str:
        """`PCM:ESTIMATES(1.0)`."""
        return f"{AGENCY}:{self.name}({VERSION})"


def total_of(dimension: dict[str, str]) -> str:
    """Return the code that stands for all people in a dimension."""
    return dimension["total_code"] or TOTAL


def codes_of(component: Component) -> list[tuple[str, str]]:
    """Return (code, label) of a component's list, in the catalogue's order."""
    if component.code_list == "indicators":
        return [(row["indicator_code"], row["indicator_name"]) for row in rows("indicators")]
    if component.code_list == "countries":
        return [(row["country_code"], row["country_name"]) for row in rows("countries")]
    found = [(row["code"], row["label"]) for row in rows(component.code_list)]
    dimension = next((row for row in rows("dimensions") if row["dimension_code"] == component.name), None)
    if dimension and total_of(dimension) not in dict(found):
        found.insert(0, (total_of(dimension), "Total"))
    if component.name == "AGE":
        found.append((STANDARDISED, "Age-standardised to the European Standard Population 2013"))
    return found


def flows() -> tuple[Flow, ...]:
    """Return the dataflows of a release."""
    return (
        Flow(
            "OBSERVATIONS",
            "Observations: what the countries sent, harmonised",
            "marts.fct_observations",
            (*dimensions(), *_observation_components()),
        ),
        Flow(
            "ESTIMATES",
            "Estimates: one figure with its interval",
            "marts.fct_estimates",
            (*dimensions(), *_estimate_components()),
        ),
    )


def _observation_components() -> tuple[Component, ...]:
    return (
        _number("OBS_VALUE", "facts.obs_value", "Value as sent."),
        *_counts(),
        _coded("OBS_STATUS", "facts.obs_status", "Status of the observation.", "codes_obs_status"),
        _coded("CONF_STATUS", "facts.conf_status", "Confidentiality.", "codes_conf_status"),
        _synthetic(),
    )


def _estimate_components() -> tuple[Component, ...]:
    # L: data exist but were not collected. A figure that cannot be computed is missing for another reason.
    status = (
        "case when facts.value is null and facts.obs_status = 'A' then 'O' else coalesce(facts.obs_status, 'L') end"
    )
    confidentiality = "case facts.publication_status when 'suppressed' then 'C' else 'F' end"
    statuses = "published, suppressed, low_reliability, not_reported or not_applicable."
    return (
        _number("OBS_VALUE", "facts.value", "Figure, in the unit of the indicator."),
        _number("LOWER_CI", "facts.lower_ci", "Lower limit of the 95 % interval."),
        _number("UPPER_CI", "facts.upper_ci", "Upper limit of the 95 % interval."),
        *_counts(),
        _coded("OBS_STATUS", status, "Status of the observation.", "codes_obs_status"),
        _coded("CONF_STATUS", confidentiality, "Confidentiality.", "codes_conf_status"),
        Component("PUBLICATION_STATUS", "attribute", "facts.publication_status", statuses),
        _synthetic(),
    )


def _counts() -> tuple[Component, ...]:
    return (
        _number("NUMERATOR", "facts.numerator", "Count that meets the definition."),
        _number("DENOMINATOR", "facts.denominator", "Count that could have met it."),
    )


def dimensions() -> tuple[Component, ...]:
    """Return the dimensions that all dataflows share."""
    return (
        Component("INDICATOR", "dimension", "facts.indicator_code", "Indicator.", "indicators"),
        Component("REF_AREA", "dimension", "facts.country_code", "Country; EL is Greece.", "countries"),
        Component("SITE", "dimension", "facts.site_code", "Cancer site.", "codes_site"),
        *(_stratum(row) for row in rows("dimensions") if row["is_stratum"] == "true"),
        Component(
            "TIME_PERIOD", "time", "facts.period", "Year, or half-year as 2025-S1.", text_type="ObservationalTimePeriod"
        ),
    )


def _stratum(dimension: dict[str, str]) -> Component:
    name = dimension["dimension_code"]
    sql = f"coalesce(strata.{name.lower()}, '{total_of(dimension)}')"
    if name == "AGE":
        sql = f"case facts.stratum_id when '{STANDARDISED}' then '{STANDARDISED}' else {sql} end"
    return Component(name, "dimension", sql, f"{dimension['dimension_name']}.", dimension["code_list"])


def _number(name: str, sql: str, description: str) -> Component:
    role: Literal["measure", "attribute"] = "measure" if name == "OBS_VALUE" else "attribute"
    return Component(name, role, sql, description, text_type="Double")


def _coded(name: str, sql: str, description: str, code_list: str) -> Component:
    return Component(name, "attribute", sql, description, code_list)


def _synthetic() -> Component:
    return Component("IS_SYNTHETIC", "attribute", "facts.is_synthetic", "Invented for demonstration.", "", "Boolean")
