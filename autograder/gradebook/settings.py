"""nbgrader's configuration for a course: its folders, its gradebook, and our steps in nbgrader's lists."""

from dataclasses import asdict
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.course import Course

_OURS = "autograder.gradebook.release_stubs.ReleaseStubs"
_AFTER = "ClearOutput CheckCellMetadata ComputeChecksums SaveCells ClearHiddenTests ClearMarkScheme ComputeChecksums CheckCellMetadata"
RELEASE_STEPS = [f"nbgrader.preprocessors.{step}" for step in ("IncludeHeaderFooter", "LockCells", *_AFTER.split())]
RELEASE_STEPS.insert(2, _OURS)
"""nbgrader's own steps from source to release; only ClearSolutions is ours."""


def configure(config: Config, folder: Path) -> None:
    """Make nbgrader's commands and formgrader's buttons work on a course as ``autograder`` does.

    The ``config`` is what ``get_config()`` gives inside nbgrader_config.py.
    """
    config.merge(settings(Course.at(folder)))
    # The notebook is rebuilt from the course's own copy, run in the sandbox and judged; the verdicts are written as the
    # graded cells' outputs. Feedback and export give the same safe pages and CSV.
    config.Autograde.exporter_class = "autograder.gradebook.plugin.SubmissionExporter"
    config.Autograde.sanitize_preprocessors = ["autograder.gradebook.plugin.GradeInSandbox"]
    config.Autograde.autograde_preprocessors = ["autograder.gradebook.plugin.SaveMarks"]
    config.GenerateFeedback.exporter_class = "autograder.handback.feedback.FeedbackExporter"
    config.GenerateFeedback.preprocessors = []
    config.ExportApp.plugin_class = "autograder.handback.grades_csv.QuotedCsvExport"


def with_instructors_own(course: Course) -> Config:
    """The course's settings and those of the instructor's nbgrader_config.py, such as other late penalties."""
    config = settings(course)
    file = course.root / "nbgrader_config.py"
    if file.is_file():
        config.merge(PyFileConfigLoader(file.name, path=str(file.parent)).load_config())
    return config


def settings(course: Course) -> Config:
    """nbgrader's configuration for this course: the folders, the gradebook, the steps to a release."""
    config = Config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.course_id = course.name
    config.CourseDirectory.source_directory = str(course.source_directory.relative_to(course.root))
    config.CourseDirectory.release_directory = course.release_directory.name
    config.CourseDirectory.submitted_directory = course.submitted.name
    config.CourseDirectory.autograded_directory = course.autograded.name
    config.CourseDirectory.feedback_directory = course.feedback.name
    config.CourseDirectory.db_url = course.db_url
    config.GenerateAssignment.preprocessors = list(RELEASE_STEPS)
    if course.late is not None:
        config.AssignLatePenalties.plugin_class = "autograder.gradebook.late.LateByDay"
        config.LateByDay = Config(asdict(course.late))
    return config
