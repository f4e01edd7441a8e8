"""Run the rules that are queries over the tables of one file, and turn their answers into findings.

A query answers with `source_row`, `column_name` and what else it has to say: `found` (else the cell's own text),
`expected` and `advice` (message ids), `given` (a struct that fills their placeholders), `proposal`, `is_certain`,
`beside_row`, the row of this file that the cell is compared with, and `only_if_blank`, where it is about empty cells.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from typing import Any

import duckdb

from ingestion.checks.findings import Finding
from ingestion.checks.parsed import run
from ingestion.checks.proposals import NOTHING, Proposal, propose_code, propose_period, propose_region
from ingestion.checks.registry import Need, Query, checks, queries
from ingestion.checks.rows_of_figures import KEY_COLUMNS
from ingestion.checks.side_by_side import side_by_side
from ingestion.checks.tables import compare_rows, set_aside
from ingestion.checks.vocabulary import number_names, periodicity_of
from ingestion.checks.written_once import RuleAnswer, with_groups_written_once
from ingestion.languages import phrase
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.numbers import bare, both_readings

CODE_RULE, SENDER_RULE, UNUSUAL_RULE, OLD_REGION_RULE = "P01", "P27", "P16", "P29"
A_CODE = phrase("a code of the list {column}")
TABLE_STAGES = ("table", "series", "peers")
OBSERVATION = "observation"
COUNTRY_COLUMN = "REF_AREA"
OF_ROW = ("indicator", "time_period", "obs_comment")  # what a finding says of its row


@dataclass
class TableAnswers:
    """What the rules that are queries say of a file; its rows may be judged before all is put into words."""

    rules: "_Rules"
    answers: list[RuleAnswer]
    is_of_another_country: bool = False

    def wrong_rows(self) -> set[int]:
        """Return the rows that some answer refuses."""
        return {answer["source_row"] for rule, answer in self.answers if checks()[rule].severity == "error"}

    def findings(self) -> list[Finding]:
        """Return the findings that the answers are."""
        found = self.rules.findings(self.answers)
        return _first_of_each_country(found) if self.is_of_another_country else found


def check_table(connection: duckdb.DuckDBPyConnection, table: RawTable, *, is_large: bool = False) -> TableAnswers:
    """Return the answers of every rule that is a query; the tables of `ingestion.checks.tables` must exist.

    Rows whose codes are wrong, and rows that stand twice, are left out where figures are compared, so that one slip
    has one answer. A file in which no row is of its sender gets that one answer, not five thousand.
    """
    rules = _Rules(connection, table)
    answers = rules.ask("keys")
    if _is_of_another_country(connection, answers):
        return TableAnswers(rules, answers, is_of_another_country=True)
    set_aside(connection, rules.torn_rows)
    answers += with_groups_written_once(connection, rules.ask("duplicates"))
    set_aside(connection, rules.rows_of(answers))
    # The greatest table is there: a glance at it need not wait for what its rows are to each other.
    compare_rows(connection, is_large=is_large, beside=[partial(rules.look, _needs_of(TABLE_STAGES, OBSERVATION))])
    answers += with_groups_written_once(connection, rules.ask(*TABLE_STAGES, is_large=is_large))
    return TableAnswers(rules, _beside_right_figures(answers))


def _is_of_another_country(connection: duckdb.DuckDBPyConnection, answers: Iterable[RuleAnswer]) -> bool:
    """Say whether the file names other countries, and its sender in no row."""
    own = "select count(*) from used_code, sender where column_name = 'REF_AREA' and code = country_code"
    return any(rule == SENDER_RULE for rule, _ in answers) and run(connection, own).fetchone() == (0,)


def _beside_right_figures(answers: list[RuleAnswer]) -> list[RuleAnswer]:
    """Leave out what is said of a figure because it is unlike another that is told of: one slip has one answer."""
    numbers = number_names()
    told_of = {
        answer["source_row"]
        for rule, answer in answers
        if rule == UNUSUAL_RULE or (answer["column_name"] in numbers and checks()[rule].severity == "error")
    }
    return [(rule, answer) for rule, answer in answers if answer.get("beside_row") not in told_of]


def _first_of_each_country(findings: list[Finding]) -> list[Finding]:
    firsts: dict[str, Finding] = {}
    for finding in findings:
        if finding.rule == SENDER_RULE:
            firsts.setdefault(finding.found, finding)
    return list(firsts.values())


def _needs_of(stages: Iterable[str], table: str | None = None) -> list[Need]:
    """Return what the queries of some stages need, each once; of one table, or of all."""
    needs = (need for stage in stages for query in queries(stage) for need in query.needs)
    return [need for need in dict.fromkeys(needs) if table in (None, need.table)]


def needs_met(connection: duckdb.DuckDBPyConnection, needs: Iterable[Need]) -> set[Need]:
    """Return those of the needs that some row meets: one glance at all tables costs less than to plan each query."""
    by_table: dict[str, list[Need]] = {}
    for need in needs:
        by_table.setdefault(need.table, []).append(need)
    # One below the other: beside each other DuckDB would think long about the order in which to join them.
    glances = [
        f"select '{table}', [{', '.join(f'bool_or({need.condition})' for need in asked)}] from {table}"
        for table, asked in by_table.items()
    ]
    found = run(connection, " union all ".join(glances)).fetchall() if glances else []
    return {need for table, are_met in found for need, is_met in zip(by_table[table], are_met, strict=True) if is_met}


@dataclass
class _Rules:
    """The queries of the registry, and the file whose cells their answers are about."""

    connection: duckdb.DuckDBPyConnection
    table: RawTable
    seen: dict[Need, bool] = field(default_factory=dict)  # whether it is met, of each need that was looked for

    @cached_property
    def sender(self) -> str:
        """The country that the file comes from."""
        return str(self.connection.execute("from sender").fetchall()[0][0])

    @cached_property
    def torn_rows(self) -> set[int]:
        """Rows that stop early or run on: their shape has its own answer, their cells mean nothing."""
        return {fault.row for fault in self.table.faults}

    def look(self, needs: Iterable[Need], connection: duckdb.DuckDBPyConnection) -> None:
        """Note which needs are met, of those that nobody has looked for."""
        asked = [need for need in needs if need not in self.seen]
        met = needs_met(connection, asked)
        self.seen |= {need: need in met for need in asked}

    def ask(self, *stages: str, is_large: bool = False) -> list[RuleAnswer]:
        """Return the answers of all queries of some stages."""
        self.look(_needs_of(stages), self.connection)
        asked = (query for stage in stages for query in queries(stage))
        works = [partial(_answers, query) for query in asked if all(self.seen[need] for need in query.needs)]
        found = chain.from_iterable(side_by_side(self.connection, works, is_large=is_large))
        return [(rule, answer) for rule, answer in found if answer["source_row"] not in self.torn_rows]

    def rows_of(self, answers: Iterable[RuleAnswer]) -> set[int]:
        """Return the rows with an answer, and the torn ones."""
        return self.torn_rows | {answer["source_row"] for _, answer in answers}

    def findings(self, answers: list[RuleAnswer]) -> list[Finding]:
        """Return the findings that the answers are, with what stands in their cells."""
        if answers:
            self._add_what_stands_there([answer for _, answer in answers])
        return [self._finding(rule, answer) for rule, answer in answers if _holds(answer)]

    def _add_what_stands_there(self, answers: list[dict[str, Any]]) -> None:
        """Add to each answer the text of its cell, the number it was read as, and what else its row says of it."""
        positions = self.table.header.positions
        columns = sorted({answer["column_name"] for answer in answers} & set(positions))
        cells = {("text", name): f"raw.c{positions[name]}" for name in columns}
        cells |= {("number", name): f"submission.{name}" for name in columns if name in number_names()}
        rows = sorted({answer["source_row"] for answer in answers})
        found = self.connection.execute(
            f"select {', '.join(('source_row', *(f'submission.{name}' for name in OF_ROW), *cells.values()))} "
            "from (select unnest(?::integer[]) as source_row) as asked "
            "inner join submission using (source_row) inner join raw using (source_row)",
            [rows],
        ).fetchall()
        in_rows = {
            row: (dict(zip(OF_ROW, values, strict=False)), dict(zip(cells, values[len(OF_ROW) :], strict=True)))
            for row, *values in found
        }
        for answer in answers:
            answer["of_row"], here = in_rows[answer["source_row"]]
            answer["cell_text"] = here.get(("text", answer["column_name"]))
            answer["number"] = here.get(("number", answer["column_name"]))

    def _finding(self, rule: str, answer: dict[str, Any]) -> Finding:
        row, column = answer["source_row"], answer["column_name"]
        found = cell_text(answer["cell_text"] or "") if answer.get("found") is None else answer["found"]
        of_row = {name: text or "" for name, text in answer["of_row"].items()}
        positions = self.table.header.positions
        proposal = _propose(rule, column, found, of_row["indicator"], sender=self.sender)
        given = {name: value for name, value in (answer.get("given") or {}).items() if value is not None}
        if answer["number"] is not None and len(both_readings(found)) == 2:
            given["own_reading"] = bare(answer["number"])
        return Finding(
            rule,
            row=row,
            column=column,
            # A column that the file does not have is shown by the row's first key.
            cell=cell_address(row, positions.get(column, positions[KEY_COLUMNS[0]])),
            found=found,
            # Who is told the code to write need not read the list.
            expected=A_CODE if rule == CODE_RULE and proposal.is_certain else answer.get("expected") or "",
            given=given,
            proposal=answer.get("proposal") if proposal.value is None else proposal.value,
            is_certain=proposal.is_certain or bool(answer.get("is_certain")),
            advice=proposal.advice or answer.get("advice") or "",
            indicator=of_row["indicator"],
            period=of_row["time_period"],
            comment=of_row["obs_comment"] if checks()[rule].severity == "warning" else "",
        )


def _holds(answer: dict[str, Any]) -> bool:
    return not (answer.get("only_if_blank") and answer["cell_text"])


def _answers(query: Query, connection: duckdb.DuckDBPyConnection) -> list[RuleAnswer]:
    cursor = run(connection, query.sql)
    names = [column[0] for column in cursor.description or ()]
    answers = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    # Few cells have several answers: only these are compared word by word.
    in_cell = Counter((answer["source_row"], answer["column_name"]) for answer in answers)

    def place(answer: dict[str, Any]) -> tuple[int, str, str]:
        cell = answer["source_row"], answer["column_name"]
        return *cell, str(answer) if in_cell[cell] > 1 else ""

    return [(query.rule, answer) for answer in sorted(answers, key=place)]


def _propose(rule: str, column: str, found: str, indicator: str, *, sender: str) -> Proposal:
    if rule == CODE_RULE:
        proposal = propose_code(column, found, sender)
        # A code of another country is well spelt, and still not what the sender may write.
        is_foreign = column == COUNTRY_COLUMN and proposal.value != sender
        return replace(proposal, is_certain=proposal.is_certain and not is_foreign)
    if rule == OLD_REGION_RULE:
        return propose_region(found, sender)
    if rule == "P26":
        return propose_period(found, periodicity_of(indicator))
    return NOTHING
