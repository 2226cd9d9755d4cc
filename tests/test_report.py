"""The class's pictures show what the results say."""

from __future__ import annotations

import pytest
from graded_examples import VERDICTS, graded, small_course, ungradable
from matplotlib.image import imread

from autograder.report import READABLE_ROWS, class_figures, exercises, mistakes, scores


@pytest.fixture
def results(tmp_path):
    course = small_course(tmp_path / "course")
    return [graded(course), graded(course, "$bob$"), ungradable(course)]


def words(figure):
    return [text.get_text() for axes in figure.axes for text in (*axes.texts, *axes.get_yticklabels())]


def test_three_pictures_are_written_the_same_bytes_each_time(results, tmp_path):
    paths = class_figures(results, tmp_path / "one")
    assert [path.name for path in paths] == ["scores.png", "exercises.png", "mistakes.png"]
    assert all(imread(path).std() > 0.01 for path in paths)
    assert [path.read_bytes() for path in class_figures(results, tmp_path / "two")] == [
        each.read_bytes() for each in paths
    ]


def test_scores_counts_those_that_wait_for_a_person_apart(results):
    (axes,) = scores(results).axes
    assert sum(bar.get_height() for bar in axes.patches) == 2
    assert axes.get_title(loc="left") == "hw1: 2 submissions graded, 1 waiting for a person"
    assert "median 3.83" in words(scores(results))


def test_every_exercise_of_every_student_has_sign_and_points(results):
    shown = words(exercises(results))
    columns = sum(not each.exercise.startswith("quiz-") for each in VERDICTS) + 1
    assert len(shown) == len(results) * columns + len(results)
    assert {"✓ 2", "◐ 1.33", "– 0", "◐ 0.5", "? 0"} <= set(shown)
    assert shown[-3:] == ["\\$bob\\$  3.83", "ada  3.83", "eve  0"]


def test_a_large_class_is_drawn_without_names(results):
    assert words(exercises(results * READABLE_ROWS)) == []


def test_mistakes_are_counted_by_name(results):
    assert words(mistakes(results)) == ["2", "slices: one slice"]


def test_no_mistake_is_said(results):
    assert words(mistakes(results[2:])) == ["None of the known mistakes was made."]


def test_nothing_graded_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no submission"):
        class_figures([], tmp_path)
