"""Item analysis and distractors: the textbook's figures, and no remark that chance alone would make."""

import numpy as np
import pytest

from autograder.handback.report.distractors import choice, distractors
from autograder.handback.report.items import analyse, correlation, reliability, thirds
from autograder.judging.verdict import State
from tests.places import table
from tests.tool.report.class_records import answer, answered, class_of, entry


class TestItems:
    """The statistics, beside NumPy's or by hand."""

    def marks(self, students=40, seed=0):
        rng = np.random.default_rng(seed)
        ability = rng.normal(size=(students, 1))
        return np.clip(np.round(5 + 2 * ability + rng.normal(size=(students, 3)) * [1, 2, 4]), 0, 10)

    def test_difficulty_and_discrimination(self):
        marks = self.marks()
        items = analyse(class_of(*(entry(f"s{at}", *map(float, row)) for at, row in enumerate(marks))))
        for at, item in enumerate(items):
            rest = np.delete(marks, at, axis=1).sum(axis=1)
            assert item.difficulty == pytest.approx(marks[:, at].mean() / 10)
            assert item.discrimination == pytest.approx(np.corrcoef(marks[:, at], rest)[0, 1])
        assert items[0].discrimination > items[2].discrimination

    def test_reliability_is_that_of_the_textbook(self):
        """Three items of which the second is the first again and the third is noise: α from variances by hand."""
        rows = [(1, 1, 0), (2, 2, 2), (3, 3, 1), (4, 4, 1)]
        record = class_of(*(entry(f"s{at}", *map(float, row)) for at, row in enumerate(rows)))
        # variances 5/3, 5/3, 2/3; of the sums 2, 6, 7, 9: 26/3
        assert reliability(record) == pytest.approx(3 / 2 * (1 - 4 / (26 / 3)))

    def test_who_waits_counts_nowhere(self):
        record = class_of(entry("a", 10.0, 0.0, 5.0), entry("b", None, None, None))
        assert [item.difficulty for item in analyse(record)] == [1.0, 0.0, 0.5]
        assert [each.student for each in record.marked] == ["a"]

    def test_a_missing_mark_is_no_zero(self):
        record = class_of(entry("a", 10.0, None, 5.0), entry("b", 0.0, 4.0, 5.0))
        assert [(item.students, item.difficulty) for item in analyse(record)] == [(2, 0.5), (1, 0.4), (2, 0.5)]

    def test_not_defined_for_two_or_for_equals(self):
        assert correlation(np.array([1.0, 2.0]), np.array([1.0, 2.0])) is None
        assert correlation(np.ones(9), np.arange(9.0)) is None
        same = class_of(*(entry(f"s{at}", 5.0, 5.0, 5.0) for at in range(30)))
        assert [item.discrimination for item in analyse(same)] == [None] * 3
        assert reliability(same) is None
        assert thirds(same.entries) is None

    def test_an_item_that_the_stronger_fail_is_remarked_on_in_a_class_only(self):
        def record(count):
            return class_of(*(entry(f"s{at}", float(at % 10), float(at % 10), 10.0 - at % 10) for at in range(count)))

        assert "does worse here" in analyse(record(40))[2].remark
        assert analyse(record(10))[2].remark == ""
        assert analyse(record(10))[2].discrimination == pytest.approx(-1)

    def test_what_chance_alone_would_do_is_not_remarked_on(self):
        rng = np.random.default_rng(0)
        chance = analyse(class_of(*(entry(f"s{at}", *rng.choice([0.0, 5.0, 10.0], 3)) for at in range(200))))
        assert any(item.discrimination < 0 for item in chance)
        assert not any("does worse here" in item.remark for item in chance)

    def test_thirds_hold_equals_together(self):
        entries = [entry(f"s{at}", float(score), 0.0, 0.0) for at, score in enumerate([1, 2, 2, 2, 5, 6, 7, 7, 9])]
        lower, upper = thirds(entries)
        assert [each.student for each in lower] == ["s0", "s1", "s2", "s3"]
        assert [each.student for each in upper] == ["s5", "s6", "s7", "s8"]
        assert thirds(entries[:5]) is None


class TestDistractors:
    """Question 1 of the small course: the options are 1, 2, 3, 4; B and D are right."""

    @pytest.mark.parametrize(
        ("source", "letters"),
        [
            (answer(A=True, C=True), "AC"),
            ("# exercise: quiz-01\nquiz_01 = {'A', 'B'}", "AB"),
            ("quiz_01 = 'a, b'", "AB"),
            ("quiz_01 = ['A']\nprint(quiz_01)", "A"),
            ("right = True\nquiz_01 = {'B': right, 'C': right, 'D': False}", "BC"),
        ],
    )
    def test_a_choice_is_read_off_the_cell(self, quiz, source, letters):
        assert choice(answered("a", 1.0, source), quiz["quiz-01"]) == frozenset(letters)

    @pytest.mark.parametrize("source", [*table("tool/tables.toml")["unread"], "quiz_01 = " + "[" * 5000 + "]" * 5000])
    def test_what_cannot_be_read_is_not_guessed(self, quiz, source):
        assert choice(answered("a", 1.0, source), quiz["quiz-01"]) is None

    def test_the_judges_word_counts(self, quiz):
        assert choice(answered("a", 1.0, "quiz_01 = pick()", State.CORRECT), quiz["quiz-01"]) == {"B", "D"}
        assert choice(answered("a", 1.0, answer(), State.MISSING), quiz["quiz-01"]) == frozenset()

    def test_shares_of_class_and_thirds(self, quiz):
        entries = [answered(f"s{at:02}", float(at // 10), answer(A=True, B=True)) for at in range(10)]
        entries += [answered(f"s{at:02}", float(at // 10), answer(B=True, C=True)) for at in range(10, 30)]
        entries[0] = answered("s00", 0.0, "quiz_01 = pick()")
        entries[1] = answered("s01", 0.0, answer(), State.MISSING)
        (found,) = distractors(class_of(*entries), quiz)
        a, b, c, d = found.choices
        assert (found.read, found.unread, found.blank) == (29, ("s00",), 1)
        assert (a.share, b.share, c.share, d.share) == pytest.approx((8 / 29, 28 / 29, 20 / 29, 0))
        assert (a.lower, a.upper) == (pytest.approx(8 / 9), 0)
        assert (c.lower, c.upper) == (0, 1)
        assert found.wrong == ("B, C", 20)

    def test_what_misleads_the_stronger_is_remarked_on(self, quiz):
        entries = [answered(f"s{at:02}", float(at // 10), answer(A=at < 10, C=at >= 20, B=True)) for at in range(30)]
        (found,) = distractors(class_of(*entries), quiz)
        assert [bool(each.remark) for each in found.choices] == [False, False, True, True]
        assert "stronger choose it more" in found.choices[2].remark
        assert "nobody chose it" in found.choices[3].remark

    def test_a_right_option_that_the_stronger_choose_less_is_remarked_on(self, quiz):
        entries = [answered(f"s{at:02}", float(at // 10), answer(B=at < 20, D=at >= 10, A=True)) for at in range(30)]
        (found,) = distractors(class_of(*entries), quiz)
        assert ["stronger choose it less" in each.remark for each in found.choices] == [False, True, False, False]
