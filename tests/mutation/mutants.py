"""Slightly wrong versions of a query, made mechanically from its parse tree, which DuckDB itself gives and takes back.

What only words a sentence (`expected`, `given`) is left as it is: sentences are compared in tests/golden.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

Node = Any  # a part of a parse tree, as JSON holds it
Place = tuple[str | int, ...]
WORDS = ("expected", "given", "codes", "columns", "sites", "dimensions", "example", "periods")
SMALL = 20  # a whole number below this is changed by one, any other number by this share:
SHARE = 1.05
# What makes up for the way computers hold fractions is so small that only its absence shows.
TOLERANCE = re.compile("1e-[0-9]")
# `<>` for `is distinct from` shows whether an empty cell is thought of.
OTHER_OPERATORS = {
    "COMPARE_GREATERTHAN": ("COMPARE_GREATERTHANOREQUALTO",),
    "COMPARE_GREATERTHANOREQUALTO": ("COMPARE_GREATERTHAN",),
    "COMPARE_LESSTHAN": ("COMPARE_LESSTHANOREQUALTO",),
    "COMPARE_LESSTHANOREQUALTO": ("COMPARE_LESSTHAN",),
    "COMPARE_EQUAL": ("COMPARE_NOTEQUAL",),
    "COMPARE_NOTEQUAL": ("COMPARE_EQUAL",),
    "COMPARE_DISTINCT_FROM": ("COMPARE_NOT_DISTINCT_FROM", "COMPARE_NOTEQUAL"),
    "COMPARE_NOT_DISTINCT_FROM": ("COMPARE_DISTINCT_FROM", "COMPARE_EQUAL"),
    "COMPARE_IN": ("COMPARE_NOT_IN",),
    "COMPARE_NOT_IN": ("COMPARE_IN",),
    "OPERATOR_IS_NULL": ("OPERATOR_IS_NOT_NULL",),
    "OPERATOR_IS_NOT_NULL": ("OPERATOR_IS_NULL",),
}
PAIRS = (("min", "max"), ("least", "greatest"), ("bool_and", "bool_or"), ("+", "-"), ("*", "/"))
OTHER_FUNCTIONS = {name: other for one, two in PAIRS for name, other in ((one, two), (two, one))}
CONDITIONS = ("where_clause", "having", "qualify", "filter")
# Functions and operators that protect or correct their first argument.
REMOVABLE = ("abs", "nullif", "round", "floor", "upper", "OPERATOR_COALESCE", "OPERATOR_NOT")


@dataclass(frozen=True)
class Mutant:
    """A query that is wrong in one place: what stood there, and what stands there now."""

    sql: str
    node: Node
    other: Node


def mutants(sql: str) -> list[Mutant]:
    """Every mutant of a query: dropped as a whole, or changed in one place."""
    [text] = _ask("select json_serialize_sql(?)", sql)
    tree = json.loads(text)
    changes = list(_changes(tree))
    texts = [json.dumps(_changed(tree, place, other)) for place, _, other in changes]
    changed = zip(_ask("select json_deserialize_sql(unnest(?)::json)", texts), changes, strict=True)
    dropped = Mutant(f"select * from ({sql}) where false", {}, {})
    return [dropped, *(Mutant(other_sql, node, other) for other_sql, (_, node, other) in changed)]


def change_of(mutant: Mutant) -> str:
    """What was changed, as a person finds it in the query."""
    if "class" in mutant.node:
        return f"{_text(mutant.node)} -> {_text(mutant.other)}"
    [key, *others] = [key for key, part in mutant.node.items() if part != mutant.other.get(key)] or ["the rule"]
    if others:
        return "without one of two united queries"
    part = mutant.node.get(key)
    return f"without {key} {_text(part) if isinstance(part, dict) and 'class' in part else part or ''}".strip()


def _changes(tree: Node, place: Place = ()) -> Iterator[tuple[Place, Node, Node]]:
    """Yield (place, what stands there, what stands there in a mutant)."""
    if isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from _changes(child, (*place, index))
    elif isinstance(tree, dict) and tree.get("alias") not in WORDS and not _is_named_only(tree, place):
        for changes in MUTATIONS:
            yield from ((place, tree, other) for other in changes(tree))
        for key, child in tree.items():
            yield from _changes(child, (*place, key))


def _is_named_only(node: Node, place: Place) -> bool:
    """Say whether a constant is only selected, as the 1 of `exists (select 1)`: it decides nothing."""
    return node.get("class") == "CONSTANT" and place[-2:-1] == ("select_list",)


def _operators(node: Node) -> Iterator[Node]:
    # No number of a file meets a limit exactly that is written with such a tolerance.
    if not any(TOLERANCE.search(json.dumps(node.get(side) or "")) for side in ("left", "right")):
        for other in OTHER_OPERATORS.get(node.get("type"), ()):
            yield {**node, "type": other}


def _functions(node: Node) -> Iterator[Node]:
    other = OTHER_FUNCTIONS.get(node.get("function_name"))
    if other:
        yield {**node, "function_name": other, "qualified_name": {"path": [other]}}


def _conditions(node: Node) -> Iterator[Node]:
    """Leave out each part of a conjunction, and each condition that is none."""
    if node.get("class") == "CONJUNCTION":
        children = node["children"]
        for index in range(len(children)):
            rest = children[:index] + children[index + 1 :]
            yield {**node, "children": rest} if len(rest) > 1 else rest[0]
    for key in CONDITIONS:
        condition = node.get(key)
        if condition and condition["class"] != "CONJUNCTION":
            yield {**node, key: None}


def _branches(node: Node) -> Iterator[Node]:
    """Take one side of a decision for all rows."""
    if node.get("class") == "CASE":
        checks = node["case_checks"]
        for index in range(len(checks)):
            rest = checks[:index] + checks[index + 1 :]
            yield {**node, "case_checks": rest} if rest else node["else_expr"]
    if node.get("function_name") == "if":
        yield from (argument["expression"] for argument in node["arguments"][1:])


def _guards(node: Node) -> Iterator[Node]:
    if node.get("function_name") in REMOVABLE:
        yield node["arguments"][0]["expression"]
    if node.get("type") in REMOVABLE:
        yield node["children"][0]


def _numbers(node: Node) -> Iterator[Node]:
    literal = node.get("literal") or {}
    if literal.get("kind") not in ("INTEGER", "NUMERIC") or not float(literal["text"]):
        return
    number = float(literal["text"])
    if literal["kind"] == "INTEGER" and number < SMALL:
        others = [number + 1, number - 1]
    else:
        others = [0.0] if TOLERANCE.search(literal["text"]) else [number * SHARE, number / SHARE]
    for other in others:
        text = f"{other:.0f}" if other == round(other) else f"{other:.6f}"
        yield {**node, "literal": {"kind": "INTEGER" if other == round(other) else "NUMERIC", "text": text}}


def _tables(node: Node) -> Iterator[Node]:
    if node.get("join_type") == "LEFT":
        yield {**node, "join_type": "INNER"}
    if node.get("join_type") == "ANTI":
        yield node["left"]
    if node.get("type") == "SET_OPERATION_NODE":
        for index in range(len(node["children"])):
            rest = node["children"][:index] + node["children"][index + 1 :]
            yield {**node, "children": rest} if len(rest) > 1 else {**rest[0], "cte_map": node["cte_map"]}
    kept = [modifier for modifier in node.get("modifiers") or () if modifier["type"] != "DISTINCT_MODIFIER"]
    if len(kept) < len(node.get("modifiers") or ()):
        yield {**node, "modifiers": kept}
    if node.get("distinct"):
        yield {**node, "distinct": False}


MUTATIONS: tuple[Callable[[Node], Iterator[Node]], ...] = (
    _operators,
    _functions,
    _conditions,
    _branches,
    _guards,
    _numbers,
    _tables,
)


def _changed(tree: Node, place: Place, other: Node) -> Node:
    """The tree with something else in one place; all that is not on the way there is shared."""
    if not place:
        named = isinstance(tree, dict) and tree.get("alias") and "alias" in other
        return {**other, "alias": tree["alias"]} if named else other
    changed = copy.copy(tree)
    changed[place[0]] = _changed(tree[place[0]], place[1:], other)
    return changed


def _text(node: Node) -> str:
    """An expression of a tree as SQL."""
    [select] = _ask("select json_serialize_sql('select 1')")
    tree = json.loads(select)
    tree["statements"][0]["node"]["select_list"] = [{**node, "alias": ""}]
    [sql] = _ask("select json_deserialize_sql(?::json)", json.dumps(tree))
    return sql.removeprefix("SELECT ")


def _ask(query: str, *parameters: object) -> list[str]:
    return [value for (value,) in duckdb.execute(query, list(parameters)).fetchall()]
