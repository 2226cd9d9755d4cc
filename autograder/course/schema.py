"""What course.toml, exceptions.toml and quiz.toml may say: a JSON Schema beside each, and a sentence where one says else."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

FORMATS = FormatChecker(())


@FORMATS.checks("time with offset", raises=ValueError)  # type: ignore[untyped-decorator]
def _has_offset(text: object) -> bool:
    return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None


def parse(text: str) -> dict[str, Any]:
    """What a TOML file says, as JSON has it: times are text.

    Raises:
        ValueError: it is no TOML, or has a number in it that is none (nan, inf).
    """
    tables = tomllib.loads(text)
    return dict(json.loads(json.dumps(tables, default=lambda time: time.isoformat(), allow_nan=False)))


def mistake(tables: Mapping[str, Any], schema: str) -> tuple[list[str | int], str] | None:
    """Where parsed tables say what their schema does not allow, and what is wrong there; None where all is well."""
    wrong = best_match(_schema(schema).iter_errors(tables))
    if wrong is None:
        return None
    about = dict(wrong.schema)
    said = about.get("title", wrong.message)
    if wrong.validator == "additionalProperties":
        odd = next(each for each in wrong.instance if each not in about["properties"])
        said = f"there is no setting {odd!r}; it may have: {', '.join(about['properties'])}"
    return list(wrong.absolute_path), "it makes no exception" if wrong.validator == "anyOf" else said


def refusal(tables: Mapping[str, Any], schema: str) -> str:
    """The mistake in a sentence, its place before it, counted from 1: ``assignments.hw1.due: …``; empty where all is well."""
    found = mistake(tables, schema)
    place = ".".join(str(each + 1 if isinstance(each, int) else each) for each in found[0]) if found else ""
    return ": ".join(filter(None, (place, found[1]))) if found else ""


@cache
def _schema(name: str) -> Draft202012Validator:
    path = Path(__file__).with_name(f"{name}_schema.toml")
    return Draft202012Validator(tomllib.loads(path.read_text(encoding="utf-8")), format_checker=FORMATS)
