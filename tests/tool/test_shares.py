"""Who marks what: dealt evenly, each part once, and whoever has something keeps it when more is handed in."""

from collections import Counter
from pathlib import Path

import pytest

from autograder.course.course import CourseError
from autograder.gradebook.shares import By, deal, read_shares, write_shares
from tests.places import EXAMPLE

PEOPLE = ["ada", "bob", "chen"]
WAITING = [(f"s{at:02d}", question) for question in ("essay", "proof") for at in range(20)]


@pytest.mark.parametrize(("by", "apart"), [(By.student, 2), (By.question, 20)])
def test_each_part_has_one_person_and_nobody_much_more(by: By, apart: int) -> None:
    dealt = deal(WAITING, PEOPLE, by, {})
    loads = Counter(dealt.values())
    assert dealt.keys() == {*WAITING}
    assert max(loads.values()) - min(loads[person] for person in PEOPLE) <= apart
    whole = {(item[by is By.question], person) for item, person in dealt.items()}
    assert len(whole) == len({first for first, _ in whole})


def test_new_hand_ins_move_nothing_and_go_to_whom_has_least() -> None:
    before = deal(WAITING, PEOPLE, By.student, {})
    least = min(PEOPLE, key=Counter(before.values()).__getitem__)
    after = deal([*WAITING[5:], ("new", "essay")], PEOPLE, By.student, before)
    assert after == before | {("new", "essay"): least}
    assert deal([("s03", "third")], PEOPLE, By.student, before)["s03", "third"] == before["s03", "proof"]


def test_what_waits_for_somebody_who_has_left_is_dealt_anew_and_what_is_marked_stays(tmp_path: Path) -> None:
    course = EXAMPLE.clone_to(tmp_path / "course")
    before = deal(WAITING, PEOPLE, By.student, {})
    write_shares(course, "arrays", PEOPLE, before)
    assert read_shares(course, "arrays") == before
    after = deal(WAITING, PEOPLE[:2], By.student, before)
    assert [item for item, person in before.items() if person != "chen" and after[item] != person] == []
    assert Counter(after.values()) == {"ada": 20, "bob": 20}
    marked = deal(WAITING[:3], PEOPLE[:2], By.student, before)
    write_shares(course, "arrays", PEOPLE[:2], marked)
    assert read_shares(course, "arrays") == marked
    assert [item for item in WAITING[3:] if marked[item] != before[item]] == []
    with pytest.raises(CourseError, match="as ada,bob,chen"):
        write_shares(course, "arrays", ["../ada"], after)
