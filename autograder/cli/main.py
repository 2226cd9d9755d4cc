"""The instructor's command line: the tool's commands, and those that course.toml adds."""

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from autograder.cli.terminal import fail
from autograder.course.course import Course, CourseError
from autograder.course.python_file import load
from autograder.sandbox import SandboxUnavailable

STEPS = {
    "Before the term": ("new", "demo", "build", "lectures", "verify", "bank", "release", "site"),
    "After each deadline": ("collect", "grade", "by-hand", "except", "gradescope"),
    "Hand back": ("feedback", "export"),
    "What the class misunderstood": ("similar", "report"),
    "Whenever in doubt": ("doctor", "explain", "changes"),
    "At the end of the term": ("final", "rollover"),
}
"""The commands by the step of the term at which they are needed, as docs/instructors.md tells them."""
GROUPS = ("grading", "authoring", "building", "collecting", "marking", "handback", "exceptions", "publishing", "term")
"""The modules of the commands; one is imported when the command is not in those before it, so that grade is there first."""
ALL_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True}


class Commands(TyperGroup):
    """The tool's commands, then those of the course around the working directory."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it, the disk or the gradebook refuses is said in a sentence."""
        try:
            return super().invoke(ctx)
        except (CourseError, SandboxUnavailable) as error:
            raise fail(str(error)) from None
        except OSError as error:
            message = f"{error.filename or 'A file'}: {error.strerror or error}. What was done before is kept."
            raise fail(message) from None
        except typer.Exit:
            raise
        except Exception as error:
            from autograder.gradebook.marks import refusal  # with nbgrader, for which one file need not wait

            if said := refusal(error):
                raise fail(said) from None
            raise

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of a term."""
        tools = [name for names in STEPS.values() for name in names]
        return [*tools, *(name for name in _course_commands() if name not in tools)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The tool's command of this name, under its step of the term, else the course's."""
        for group in GROUPS:
            if cmd_name not in self.commands:
                self.commands.update(typer.main.get_group(import_module(f"autograder.cli.{group}").app).commands)
        found = self.commands.get(cmd_name)
        if found:
            vars(found)["rich_help_panel"] = next(step for step, names in STEPS.items() if cmd_name in names)
        path = None if found else _course_commands().get(cmd_name)
        return _course_command(cmd_name, path) if path else found


def _course_commands() -> dict[str, Path]:
    """The course's commands: name → file; none where there is no course, or a broken one."""
    try:
        course = Course.find()
    except CourseError:
        return {}
    return {name: course.root / path for name, path in course.commands.items()}


def _course_command(name: str, path: Path) -> Any:
    """A command that runs the course's file only when it is called, then passes all arguments on."""
    outer = typer.Typer(add_completion=False)

    @outer.command(name, help=_summary(name, path), context_settings=ALL_ARGUMENTS, add_help_option=False)
    def call(context: typer.Context) -> None:
        inner = typer.Typer(add_completion=False)
        inner.command(name)(_function(name, path))
        inner(context.args, prog_name=context.command_path)

    return typer.main.get_command(outer)


def _summary(name: str, path: Path) -> str:
    """What a command's docstring says, read without running its file; nothing where the file is missing or broken."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    return next((ast.get_docstring(node) or "" for node in functions), "")


def _function(name: str, path: Path) -> Callable[..., Any]:
    """The function that the course's file defines for its command, annotated as Typer expects."""
    if not path.is_file():
        raise fail(f"course.toml names the command {name!r}, but there is no {path}.")
    try:
        function: Callable[..., Any] | None = getattr(load(path), name, None)
    except Exception as error:
        raise fail(f"The command {name!r}: {path} cannot be run: {type(error).__name__}: {error}") from None
    if function is None:
        raise fail(f"The command {name!r}: {path} defines no function of that name.")
    return function


HELP = "Build, verify, grade and hand back a course's homework."
app = typer.Typer(cls=Commands, no_args_is_help=True, help=HELP, callback=lambda: None)
