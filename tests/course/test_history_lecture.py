"""The lecture on framework history carries every name, its table finds them, its figures show what is so."""

import re

import pytest

from autograder.course.lecture import lecture_notebook
from lifelong.checks import timeline
from lifelong.plots import history as figures
from lifelong.plots.five_lines import ERAS, LINES, five_lines, marked
from tests.course.bank_reference import COURSE, namespace
from tests.lifelong.test_eras import lecture

pytestmark = pytest.mark.heavy


def test_the_timeline_is_in_order_and_knows_its_names() -> None:
    names = lecture()
    entries = names["FRAMEWORKS"] + names["AROUND"]
    by_name = {entry.name: entry for entry in entries}
    assert len(by_name) == len(entries)
    for entry in entries:
        assert 2000 < entry.first <= (entry.ended or 2026) <= 2026
        assert entry.source
        for parent in entry.parents:
            assert by_name[parent].first <= entry.first, (entry.name, parent)


def test_the_timelines_name_every_entry() -> None:
    for entries in (lecture()["FRAMEWORKS"], lecture()["AROUND"]):
        picture = figures.timeline(entries)
        assert picture is not None
        shown = {label.get_text() for label in picture.axes[0].get_yticklabels()}
        assert shown == {entry.name for entry in entries}


def test_the_moments_are_what_the_program_computes() -> None:
    for moment, value in ((figures.MOMENTS[3], 3), (figures.MOMENTS[5], 2)):
        tape, b = [f"x = {value}", f"a = {value * value}"], value * value + value
        tape.append(f"b = {b}")
        while b < 50:
            b = b * 2
            tape.append(f"b = {b}")
        assert list(moment.tape) == tape


def test_the_poster_has_all_five_lines_of_ten_eras_as_their_cells_say_them() -> None:
    cells = [cell.source for cell in lecture_notebook(COURSE, "framework_history").cells if cell.cell_type == "code"]
    eras, entries = [era for group in ERAS.values() for era in group], lecture()["FRAMEWORKS"]
    assert len(eras) == 10
    for era in eras:
        roles = ", ".join(marked(cells, era["cells"])).split(", ")
        assert sorted(roles, key=LINES.index)[:5] == list(LINES[:5]), era["name"]
    chainer, pytorch, *_ = five_lines(cells, "tape", entries).data.split("<li")[1:]
    assert "<dt>backward</dt><dd><code>loss.backward()</code></dd>" in chainer
    assert "<p>Chainer, 2015</p>" in chainer
    assert ("<b>the run itself" in chainer, "<b>" in pytorch) == (True, False)
    assert "run the cells above first" in five_lines([], "tape", entries).data


def test_nothing_that_lifelong_ships_answers_the_timeline() -> None:
    years, ideas = (namespace("framework_history", {})[name]() for name in ("years", "introduced"))
    for path in (COURSE.root / "lifelong").rglob("*.*"):
        text = path.read_text(encoding="utf-8") if path.suffix in (".py", ".toml", ".json", ".csv", ".md") else ""
        told = {each for each, year in years.items() if re.search(rf'(?s)"{each}\b.{{,40}}\b{year}\b', text)}
        assert len(told) < 4, (path, told)
    assert sum(ideas[key] == name for key, name in zip(timeline.IDEA_KEYS, timeline.CANDIDATES, strict=True)) < 3
