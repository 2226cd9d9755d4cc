"""The students' repository: all that they need, nothing that is secret."""

import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.course.course import Course
from autograder.course.quiz import Quiz
from autograder.publish.colab import colab_url, web_address
from autograder.publish.leaks import _pieces, leaks
from autograder.publish.students_repo import MANIFEST, Release, ReleaseError, contents, next_commands, release
from benchmarks.colab import closure
from tests.places import EXAMPLE, ROOT, table
from tests.processes import command
from tests.tool.release.published import COURSE, SECRET, code, git, notebooks, python

pytestmark = pytest.mark.heavy


def test_every_notebook_is_there_valid_and_small(published: Release) -> None:
    found = notebooks(published)
    wanted = {f"assignments/{name}/{name}.ipynb" for name in COURSE.assignments} | {"assignments/hw14/hw14.zh_TW.ipynb"}
    assert found.keys() == wanted | {f"lectures/{name}.ipynb" for name in COURSE.lectures}
    for path, notebook in found.items():
        nbformat.validate(notebook)
        assert (published.directory / path).stat().st_size < 250_000, path
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells), path
        assert f'"https://colab.research.google.com/github/ada/course/blob/fall/{path}"' in notebook.cells[0].source
        assert "git+https://github.com/ada/course@fall" in code(notebook), path
        assert "{{" not in code(notebook).replace("{{**", ""), path
        assert not re.search(r"(?m)^\s*(from|import) (autograder|nbgrader|solutions)\b", code(notebook)), path
    assert published.size < 5_000_000


def test_nothing_lies_there_but_what_students_need(published: Release) -> None:
    names = {path.relative_to(published.directory).parts[0] for path in published.directory.rglob("*")}
    assert names == {
        *("assignments", "lectures", "lifelong", "LICENSE", "LICENSES", "README.md"),
        *("pyproject.toml", "environment.yml", ".gitignore", MANIFEST),
    }
    suffixes = {path.suffix for path in (published.directory / "lifelong").rglob("*") if path.is_file()}
    assert suffixes == {".py", ".npz", ".png", ".md", ".h", ".cpp", ".cu", ".toml", ".json", ".css"}
    listed = json.loads((published.directory / MANIFEST).read_text())["files"]
    there = {at.relative_to(published.directory).as_posix() for at in published.directory.rglob("*") if at.is_file()}
    assert there == {*listed, MANIFEST}


def test_every_link_within_it_leads_somewhere(published: Release) -> None:
    texts = {path: [path.read_text()] for path in published.directory.rglob("*.md")}
    for name, notebook in notebooks(published).items():
        texts[published.directory / name] = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    parts = [(path, re.sub(r"(`+).*?\1", "", part, flags=re.DOTALL)) for path in texts for part in texts[path]]
    links = [(path, link) for path, part in parts for link in re.findall(r"\]\(([^)\s]+)\)", part)]
    inner = [(path, link.split("#")[0]) for path, link in links if not re.match(r"https?:|mailto:|#|attachment:", link)]
    assert len(inner) > len(COURSE.assignments)
    assert [(path.name, link) for path, link in inner if not (path.parent / link).exists()] == []


def test_the_package_is_whole_without_the_graders(published: Release) -> None:
    program = """
import importlib.util, pkgutil, lifelong
assert importlib.util.find_spec("autograder") is None
names = [module.name for module in pkgutil.walk_packages(lifelong.__path__, "lifelong.")]
for name in names:
    __import__(name)
print(len(names), len(lifelong.load_mnist().train), lifelong.__file__)
"""
    done = python("-c", program, folder=published.directory, path=str(published.directory), LIFELONG_BUDGET="tiny")
    assert done.returncode == 0, done.stderr
    assert str(published.directory / "lifelong") in done.stdout
    files = list((published.directory / "lifelong").rglob("*.py"))
    assert int(done.stdout.splitlines()[-1].split()[0]) == len(files) - 1


def test_pip_makes_a_package_of_it_with_its_data(published: Release, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(published.directory, copy)
    pip = "-m pip wheel --quiet --no-deps --no-build-isolation . --wheel-dir".split()
    done = python(*pip, str(tmp_path), folder=copy)
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert {
        "lifelong/checks/hints.toml",
        "lifelong/data/mnist-subset.npz",
        "lifelong/cuda_c/include/cuda_on_cpu.h",
    } <= {*names}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"lifelong"}
    project = tomllib.loads((copy / "pyproject.toml").read_text())["project"]
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ours["optional-dependencies"]["course"]


def test_colabs_environment_is_given_no_tool_of_the_instructors() -> None:
    linked = set(closure())
    assert {"torch", "torchvision", "numpy", "matplotlib", "tqdm", "pillow"} <= linked
    assert not linked & {"lifelong", "nbgrader", "jupytext", "nbclient", "ipython", "ipywidgets", "ipykernel", "pyyaml"}


SOLUTION = COURSE.instructors_source("hw14").read_text().split("### BEGIN SOLUTION\n")[7].split("###")[0]
LEAKS = {
    "solution": (SOLUTION, "a piece of hw14.py"),
    "mark": ("### BEGIN SOLUTION", "the mark"),
    "reason": (Quiz.load(COURSE.solutions / "hw14" / "quiz.toml").questions[3].options[1].why, "a reason"),
    "tick": ('B = True  #@param {type:"boolean"}', "an option that is ticked"),
    "seed": (f"seed = '{SECRET}'", "the course's seed"),
    "import": ("def f():\n    from autograder.judging.judge import Case", "imports autograder"),
}


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.parametrize("path", ["lifelong/more.py", "lectures/more.ipynb"])
def test_whatever_is_secret_is_found(kind: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", SECRET)
    text, words = LEAKS[kind]
    cell = nbformat.v4.new_code_cell("x = 1", outputs=[nbformat.v4.new_output("stream", text=text)])
    shown = nbformat.v4.new_notebook(cells=[cell if kind == "seed" else nbformat.v4.new_code_cell(text)])
    data = (nbformat.writes(shown) if path.endswith(".ipynb") else text).encode()
    assert [words in line for line in leaks(COURSE, {path: data, "README.md": b"nothing"})][:1] == [True]


def test_every_mark_of_the_instructors_is_found() -> None:
    marks = "### BEGIN SOLUTION, ### END SOLUTION, ### BEGIN HIDDEN TESTS, === BEGIN MARK SCHEME ==="
    assert len(leaks(COURSE, {"README.md": marks.encode()})) == 4


def test_an_answer_in_words_is_found() -> None:
    answer = EXAMPLE.instructors_source("arrays").read_text().split("# ### BEGIN SOLUTION\n# ")[1]
    for line in answer.split("\n# ### END SOLUTION")[0].split("\n# "):
        assert "a piece of arrays.py" in leaks(EXAMPLE, {"README.md": line.encode()})[0]


def test_a_secret_stops_the_release(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SEED", SECRET)
    (course.root / "lifelong" / "__init__.py").write_text(f"SEED = '{SECRET}'\n")
    with pytest.raises(ReleaseError, match=r"lifelong/__init__\.py holds the course's seed"):
        release(course, tmp_path / "students")
    assert not (tmp_path / "students").exists()


def test_an_earlier_release_is_brought_up_to_date(course: Course, tmp_path: Path) -> None:
    students = tmp_path / "students"
    git("init", "--quiet", students)
    (course.root / "lifelong" / "old" / "deep").mkdir(parents=True)
    for name in ("gone.py", "lost.py"):
        (course.root / "lifelong" / "old" / "deep" / name).write_text("")
    first = release(course, students)
    assert first.same == 0
    assert not (students / "lifelong" / "notes.txt").exists()
    again = release(course, students)
    assert (again.written, again.same, again.removed) == ([], len(first.written), [])
    shutil.rmtree(course.root / "lifelong" / "old")
    (students / "lifelong" / "old" / "deep" / "lost.py").unlink()
    (course.root / "lifelong" / "__init__.py").write_text("WORD = 'again'\n")
    (students / "CNAME").write_text("course.example.org")
    third = release(course, students)
    assert sorted(third.written) == sorted([MANIFEST, "lifelong/__init__.py"])
    assert third.removed == ["lifelong/old/deep/gone.py"]
    assert not (students / "lifelong" / "old").exists()
    assert (students / "CNAME").exists()
    assert (students / ".git" / "HEAD").exists()


def test_a_folder_with_other_things_in_it_is_refused(course: Course, tmp_path: Path) -> None:
    for place in (course.root, tmp_path / "file"):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(ReleaseError, match="holds other things than an earlier release"):
            release(course, place)
    assert not (course.root / MANIFEST).exists()


FOREIGN = {
    "a file that is written": lambda students, outside: turned(students / "LICENSE", outside / "mine.py"),
    "a folder that is written to": lambda students, outside: turned(students / "lifelong", outside),
    "a folder's folder": lambda students, outside: turned(students / "assignments", outside),
    "no file yet": lambda students, outside: turned(students / "README.md", outside / "new"),
    "the manifest": lambda students, outside: turned(students / MANIFEST, outside / "list.json"),
    "a folder in a file's place": lambda students, outside: turned(students / "LICENSE", None),
}
NAMED = "../outside/mine.py {outside}/mine.py lifelong/../../outside/mine.py away/mine.py .git/HEAD . lifelong".split()


def turned(path: Path, target: Path | None) -> None:
    """Put a link in a file's or a folder's place; an empty folder where there is no target."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.symlink_to(target) if target else path.mkdir()


@pytest.mark.parametrize("foreign", [*FOREIGN, *NAMED])
def test_a_prepared_folder_neither_writes_nor_deletes_elsewhere(foreign: str, course: Course, tmp_path: Path) -> None:
    students, outside = tmp_path / "students", tmp_path / "outside"
    release(course, students)
    outside.mkdir()
    (students / ".git").mkdir()
    (students / ".git" / "HEAD").write_text("ref: refs/heads/main")
    (students / "away").symlink_to(outside)
    manifest = json.loads((students / MANIFEST).read_text())
    (outside / "list.json").write_text(json.dumps(manifest))
    (outside / "mine.py").write_text("mine")
    if foreign in FOREIGN:
        FOREIGN[foreign](students, outside)
    else:
        manifest["files"].append(foreign.format(outside=outside))
        (students / MANIFEST).write_text(json.dumps(manifest))
    (course.root / "LICENSE").write_text("another licence")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    with pytest.raises(ReleaseError, match="no folder of ours"):
        release(course, students)
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("name", ["LICENSE", "pyproject.toml"])
def test_what_is_missing_is_said(name: str, course: Course, tmp_path: Path) -> None:
    (course.root / name).unlink()
    with pytest.raises(ReleaseError, match=f"has no {name}: students need"):
        release(course, tmp_path / "students")


def test_a_seed_that_is_in_every_text_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, found in {"term 1": 0, "eleven-char": 0, "twelve-chars": 1}.items():
        monkeypatch.setenv("AUTOGRADER_SEED", seed)
        assert len(leaks(COURSE, {"README.md": f"In {seed} we learn".encode()})) == found
    found = [list(_pieces(line)) for line in ("x" * 59, "# of a comment" + "x" * 99, "x" * 60)]
    assert found == [[], [], ["x" * 60]]
    monkeypatch.setattr("autograder.publish.leaks._reasons", lambda _: [("quiz", "a" * 30), ("quiz", "b" * 31)])
    assert leaks(COURSE, {"README.md": b"a" * 30 + b"b" * 31}) == [f"README.md holds a reason of quiz: {'b' * 31!r}"]


@pytest.mark.parametrize(("remote", "address"), table("tool/tables.toml")["remotes"])
def test_the_web_address_of_a_remote(remote: str, address: str) -> None:
    assert web_address(remote) == address


def test_only_what_lies_on_github_has_badges(course: Course) -> None:
    assert colab_url("https://gitlab.example.org/ada/course", "main", "a.ipynb") is None
    opened = "https://colab.research.google.com/github/ada/course/blob/a%231/b%3F.ipynb"
    assert colab_url("https://github.com/ada/course.git", "a#1", "b?.ipynb") == opened
    elsewhere = replace(course, repository="https://gitlab.example.org/ada/course")
    files = contents(elsewhere, with_outputs=False)
    assert b"colab-badge" in contents(course, with_outputs=False)["README.md"]
    assert not any(b"colab-badge" in data for data in files.values())
    assert [name for name, data in files.items() if "/" not in name and not data.endswith(b"\n")] == []
    assert b"Upload notebook" in files["README.md"]


def test_the_remote_takes_the_place_of_the_examples_address(course: Course, tmp_path: Path) -> None:
    git("init", "--quiet", tmp_path / "clone")
    git("remote", "add", "origin", "git@github.com:ada/students.git", folder=tmp_path / "clone")
    done = release(course, tmp_path / "clone")
    assert course.repository == "https://github.com/example/small"
    assert done.course.repository == done.origin == "https://github.com/ada/students"
    assert "git clone --branch v1 https://github.com/ada/students small" in (tmp_path / "clone/README.md").read_text()
    named = replace(course, repository="https://github.com/ada/named")
    assert release(named, tmp_path / "clone").course == named
    (tmp_path / "clone" / "inner").mkdir()  # a folder in somebody's repository is none itself
    assert release(course, tmp_path / "clone" / "inner").origin == ""


@pytest.mark.parametrize("tag", ["v1", "main"])
def test_named_commands_publish_it(tag: str, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.org")
    hub = tmp_path / "hub.git"
    git("init", "--quiet", "--bare", "--initial-branch", "main", hub)
    course = replace(course, repository=hub.as_uri(), tag=tag)
    for word in ("hello", "again"):
        (course.root / "lifelong" / "__init__.py").write_text(f"WORD = '{word}'\n")
        done = release(course, tmp_path / "students")
        for line in next_commands(done):
            ran = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, f"{line}: {ran.stderr}"
        git("clone", "--quiet", "--branch", tag, hub.as_uri(), tmp_path / word)
        assert word in (tmp_path / word / "lifelong" / "__init__.py").read_text()
    assert git("-C", tmp_path / "again", "log", "--oneline").count("\n") == 1


def test_the_command_says_what_it_wrote(course: Course, tmp_path: Path) -> None:
    said = command(course.root, "release", str(tmp_path / "students"))
    assert "for https://github.com/example/small at v1" in said
    assert "course.toml still names the example's repository" in said
    assert f"git -C {tmp_path / 'students'} add --all" in said.replace("\n", "")
    command(course.root, "release", str(course.root), status=1)


def test_lectures_with_outputs_show_stills(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIFELONG_BUDGET", raising=False)  # on the tiny one nothing is drawn
    course.lecture_directory.mkdir()
    drawing = "from lifelong.plots.ideas import guard\nfrom lifelong.plots import Slider\n"
    show = 'Slider(lambda at: guard(), ["one", "two"], guard())'
    (course.lecture_directory / "twice.py").write_text(f"# %% [markdown]\n# # Twice\n\n# %%\n{drawing}{show}\n")
    (course.root / "lifelong" / "__init__.py").unlink()  # a namespace: the kernel takes the checkout's package
    assert not notebooks(release(course, tmp_path / "students"))["lectures/twice.ipynb"].cells[-1].outputs
    done = release(course, tmp_path / "students", with_outputs=True)
    (output,) = notebooks(done)["lectures/twice.ipynb"].cells[-1].outputs
    assert output.data.keys() == {"image/png", "text/plain"}
    assert "[Twice](lectures/twice.ipynb)" in (tmp_path / "students" / "README.md").read_text()
