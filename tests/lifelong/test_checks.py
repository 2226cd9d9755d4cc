"""The public checks: the solution passes, known mistakes are told apart, an unwritten exercise says so."""

import ast
import linecache
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import torch

from lifelong import CheckFailed, check
from lifelong.checks import exercises

pytestmark = pytest.mark.heavy

SOURCES = [
    path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[2] / "solutions").glob("*/*.py"))
]
SOLUTIONS = {exercise: text for text in SOURCES for exercise in re.findall(r"^# exercise: (\S+)$", text, re.M)}
"""Exercise id → the source of its assignment."""

SOLUTION = SOLUTIONS["ewc"]


def release(source: str) -> str:
    """What students get."""
    return re.sub(r"( *)### BEGIN SOLUTION.*?### END SOLUTION", r"\1raise NotImplementedError()", source, flags=re.S)


def is_table(node: ast.stmt) -> bool:
    """Whether a statement is NAME = {…}."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Dict)
        and all(isinstance(target, ast.Name) and target.id.isupper() for target in node.targets)
    )


def definitions(source: str) -> dict[str, Any]:
    """Imports, functions, classes and tables in capitals of a notebook's source, without running its other cells."""
    tree = ast.parse(source)
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree.body = [node for node in tree.body if isinstance(node, kinds) or is_table(node)]
    names: dict[str, Any] = {"__name__": "notebook"}
    file = f"notebook {hash(source)}"  # as IPython does, keep the text where `inspect` looks for it
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(tree, file, "exec"), names)
    return names


def try_check(exercise: str, names: dict[str, Any]) -> None:
    """Call check as a cell of a notebook with these names would."""
    exec(f"from lifelong import check\ncheck({exercise!r})", names)


def complaint(exercise: str, code: str) -> str:
    """What the check says of the solution once some code has replaced a part of it."""
    names = definitions(SOLUTION)
    exec(textwrap.dedent(code), names)
    with pytest.raises(CheckFailed) as raised:
        try_check(exercise, names)
    return str(raised.value)


@pytest.mark.parametrize("exercise", exercises())
def test_the_solution_passes(exercise: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_check(exercise, definitions(SOLUTIONS[exercise]))
    assert capsys.readouterr().out.startswith(f"✓ {exercise}: ")


@pytest.mark.parametrize("exercise", exercises())
def test_an_unwritten_exercise_says_which_function_is_missing(exercise: str) -> None:
    with pytest.raises(NotImplementedError, match=rf"{exercise}: `.+` is not written yet") as raised:
        try_check(exercise, definitions(release(SOLUTIONS[exercise])))
    assert len(raised.value._render_traceback_()) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("exercise", exercises())
def test_a_cell_that_was_not_run_is_named(exercise: str) -> None:
    with pytest.raises(CheckFailed, match=f"# exercise: {exercise}"):
        try_check(exercise, {})


@pytest.mark.parametrize("name", ["ecw", "expect", "__init__", "shared.ewc", "../checks/ewc"])
def test_what_is_no_exercise_lists_those_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"There is no exercise .*; there are .*ewc, .*mas, .* and quiz-01"):
        check(name)


def test_every_exercise_of_the_course_has_a_check() -> None:
    assert set(exercises()) == SOLUTIONS.keys() - {each for each in SOLUTIONS if each.startswith("quiz-")}


def test_only_the_asked_check_is_imported() -> None:
    code = "import sys, lifelong.checks as c\ntry: c.check('ewc')\nexcept c.CheckFailed: print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {f"lifelong.checks.{each}" for each in exercises()} & set(loaded) == {"lifelong.checks.ewc"}


def test_a_check_leaves_random_numbers_alone() -> None:
    names = definitions(SOLUTION)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    try_check("scp", names)
    assert torch.equal(torch.rand(3), expected)


def test_a_failed_check_shows_one_sentence_in_a_notebook() -> None:
    assert CheckFailed("too large")._render_traceback_() == ["✗ too large"]


EWC = """
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        omega = {{name: torch.zeros_like(p) for name, p in model.named_parameters()}}
        count, walked = 0, 0
        with evaluating(model):
            for inputs, labels in batches:
                walked += 1
                count += len(inputs)
                for x, y in zip(inputs.split({size}), labels.split({size})):
                    outputs = model(x)
                    loss = {loss}
                    learnable = [p for p in model.parameters() if p.requires_grad]
                    gradients = iter(torch.autograd.grad(loss, learnable))
                    for name, p in model.named_parameters():
                        if p.requires_grad:
                            omega[name] += {term}
        return {{name: total / {divisor} for name, total in omega.items()}}
"""
RIGHT_EWC = {"size": 1, "loss": "F.cross_entropy(outputs, y)", "term": "next(gradients) ** 2", "divisor": "count"}

EWC_MISTAKES = [
    ({"size": 128, "divisor": "walked"}, "square of the batch's mean gradient"),
    ({"size": 128, "loss": "F.cross_entropy(outputs, y, reduction='sum')", "divisor": "walked"}, "summed gradient"),
    ({"divisor": "1"}, "divide by their number N"),
    ({"divisor": "(2 * count)"}, "divide by the number of examples N, once"),
    ({"term": "next(gradients).abs()"}, r"mean of \|g\|"),
    ({"loss": "F.nll_loss(outputs.softmax(1), y)"}, "−p instead of −log p"),
    ({"loss": "F.cross_entropy(outputs, outputs.argmax(1))"}, "class that is predicted"),
    ({"divisor": "count * torch.nan"}, "NaN"),
    ({"term": "-next(gradients) ** 2"}, "negative"),
    ({"term": "0 * next(gradients)"}, "zero everywhere"),
    ({"divisor": "count.bit_length()"}, "should be"),
]


def test_a_loop_over_examples_is_right_too() -> None:
    names = definitions(SOLUTION)
    exec(EWC.format(**RIGHT_EWC), names)
    try_check("ewc", names)


@pytest.mark.parametrize(("change", "sentence"), EWC_MISTAKES, ids=[sentence for _, sentence in EWC_MISTAKES])
def test_ewc_mistakes(change: dict[str, Any], sentence: str) -> None:
    assert re.search(sentence, complaint("ewc", EWC.format(**RIGHT_EWC | change)))


WRAPPED = """
class {kind}({kind}):
    def importance(self, model, batches):
        result = super().importance(model, batches)
        {twist}
        return result
"""

SIDE_EFFECTS = [
    ("model.zero_grad()", "changed the .grad"),
    ("model.eval()", "left the model in another mode"),
    ("next(model.parameters()).data.add_(1.0)", "changed the model's"),
    ("model.requires_grad_(False)", "changed requires_grad"),
    ("batches[0][0].zero_()", "changed the examples"),
    ("result.popitem()", "has no entry"),
    ("result['extra'] = torch.zeros(1)", "has an entry 'extra'"),
    ("result = list(result.values())", "should be a dict"),
    ("result = None", "is there a `return`"),
    ("result = {n: v.flatten() for n, v in result.items()}", "shape"),
    ("result = {n: v.half() for n, v in result.items()}", "dtype"),
    ("result = {n: v.float() for n, v in result.items()}", "float64, but has float32"),
    ("result = {n: v.numpy() for n, v in result.items()}", "should be a tensor"),
    ("result = {n: v.clone().requires_grad_() for n, v in result.items()}", "detach"),
]


@pytest.mark.parametrize("kind", ["EWC", "MAS", "SCP"])
@pytest.mark.parametrize(("twist", "sentence"), SIDE_EFFECTS)
def test_side_effects_and_wrong_forms(kind: str, twist: str, sentence: str) -> None:
    code = (
        WRAPPED.format(kind=kind, twist=twist)
        .replace("batches):", "batches, *rest):")
        .replace("importance(model, batches)", "importance(model, batches, *rest)")
    )
    assert sentence in complaint(kind.lower(), code)


def replaced(exercise: str, old: str, new: str) -> str:
    """What the check says once one line of the solution reads differently."""
    cell = SOLUTION[SOLUTION.index(f"# exercise: {exercise}\n") :].split("\n# %%")[0]
    assert old in cell
    return complaint(exercise, cell.replace(old, new))


ONE_LINE_MISTAKES = [
    ("permutation", "images[:, permutation]", "images[:, permutation.argsort()]", "the way back"),
    ("permutation", "images[:, permutation]", "images[:, permutation].float()", "dtype"),
    ("permutation", "images[:, permutation]", "images[permutation[:3] % 3]", "should be"),
    ("permutation", "images[:, permutation]", "images.copy_(images[:, permutation])", "changed the images"),
    ("permutation", "images[:, permutation]", "None", "is there a `return`"),
    ("metrics", "return R[-1].mean()", "return R.mean()", "only the last row"),
    ("metrics", "return R[-1].mean()", "return R[:, -1].mean()", "last column"),
    ("metrics", "(best - R[-1, :-1])", "(R[-1, :-1] - best)", "sign"),
    ("metrics", "R[:-1, :-1].max(dim=0).values", "R.diagonal()[:-1]", "compares with R[j, j]"),
    ("metrics", "R[:-1, :-1].max(dim=0).values", "R[:, :-1].max(dim=0).values", "The last row must not"),
    ("metrics", "(R[-1] - R.diagonal())[:-1].mean()", "(R[-1] - R.diagonal()).mean()", "divides by T"),
    ("metrics", "(R[-1] - R.diagonal())[:-1].mean()", "(R[-1] - R.diagonal())[:-1]", "one number"),
    ("penalty", "** 2).sum()", "** 2).sum() / 2", "½"),
    ("penalty", "** 2).sum()", "** 2).mean()", "sum over all parameters"),
    ("penalty", "(parameter - self.anchor[name]) ** 2)", "(parameter - self.anchor[name]))", "to be squared"),
    ("penalty", "return total", "return self.strength * total", "multiplies P by `strength`"),
    ("penalty", "return total", "return total.item()", "scalar tensor"),
    ("penalty", "(parameter - self", "(parameter.data - self", "Does P reach the parameters"),
    ("penalty", "parameter.detach().clone()", "parameter", "own memory"),
    ("penalty", "parameter.detach().clone()", "parameter.clone()", "requires grad"),
    ("penalty", "self.omega.get(name, 0) + importance", "importance", "add it to the old one"),
    ("penalty", "self.anchor = {name:", "self.anchor = self.anchor or {name:", "should be"),
    ("mas", "delta.abs().T @ a.abs()", "(delta**2).T @ a**2", "averages squares"),
    ("mas", "delta.abs().T @ a.abs()", "(delta.T @ a).abs()", "batch's mean gradient"),
    ("mas", "(outputs**2).sum(dim=1)", "outputs.norm(dim=1)", "gradient of the norm"),
    ("mas", "(outputs**2).sum(dim=1)", "(outputs**2).mean(dim=1)", "half of it"),
    ("mas", "(outputs**2).sum(dim=1)", "outputs.sum(dim=1)", "outputs' sum"),
    ("mas", "total / count", "total", "divide by their number N"),
    ("mas", "with evaluating(model):", "if True:", "eval mode"),
    ("si", "-= gradient * steps[name]", "+= gradient * steps[name]", "sign of ω"),
    ("si", ".relu()", "", "negative"),
    ("si", ") ** 2 + self.damping", ").abs() + self.damping", "to be squared"),
    ("si", " + self.damping", "", "damping is missing"),
    ("si", "-= gradient * steps[name]", "-= (gradient * steps[name]).clamp(max=0)", "clamps every step"),
    (
        "si",
        "self.start = {name: parameter.detach().clone()",
        "self.start = {name: parameter.detach()",
        "θ_start a copy",
    ),
    ("rwalk", "0.5 * fisher", "fisher", "½"),
    ("rwalk", "(squared, self.alpha)", "(squared, 1 - self.alpha)", "swapped"),
    ("rwalk", "setdefault(name, squared)", "setdefault(name, torch.zeros_like(squared))", "first step sets F"),
    ("rwalk", "self.epsilon)).relu()", "0.001)).relu()", "self.epsilon"),
    ("rwalk", ").relu()", ")", "relu it"),
    ("rwalk", "            moved.zero_()\n", "", "d, too, is to be 0"),
    ("rwalk", "        if self.count % self.interval:\n            self.score_interval()\n", "", "unfinished interval"),
    (
        "rwalk",
        "self.omega = self.importance(model, batches)",
        "self.omega = {n: v + self.omega.get(n, 0) for n, v in self.importance(model, batches).items()}",
        "replaced by the new one",
    ),
    ("rwalk", "(before + self.task_score[name]) / 2", "self.task_score[name]", "averaged with the first"),
    ("rwalk", "float(value.max()) for value in values.values()", "1.0 for value in values.values()", "largest entries"),
    ("rwalk", "if largest > 0:", "if True:", "NaN"),
    (
        "scp",
        "(torch.tensordot(R, rows, dims=1) ** 2)",
        "torch.tensordot(directions, rows, dims=1).abs()",
        "square each slice",
    ),
    ("scp", "/ len(directions)", "", "number L"),
    ("scp", "/ count  #", "#", "φ̄ is their mean"),
    ("scp", "normal / normal.norm(dim=1, keepdim=True)", "normal", "length 1"),
    ("scp", "normal / normal.norm(dim=1, keepdim=True)", "normal / normal.norm(dim=0)", "over dim=1"),
    ("scp", "torch.randn(slices, dimensions, generator=generator)", "torch.randn(slices, dimensions)", "draw from it"),
    (
        "scp",
        "torch.randn(slices, dimensions, generator=generator)",
        "torch.rand(slices, dimensions, generator=generator)",
        "never drawn",
    ),
    (
        "scp",
        "torch.randn(slices, dimensions, generator=generator)",
        "torch.rand(slices, dimensions, generator=generator) * 2 - 1",
        "cube",
    ),
]


@pytest.mark.parametrize(("exercise", "old", "new", "sentence"), ONE_LINE_MISTAKES)
def test_one_line_mistakes(exercise: str, old: str, new: str, sentence: str) -> None:
    assert sentence in replaced(exercise, old, new)


def test_si_names_what_leaks_into_the_second_task() -> None:
    said = complaint(
        "si",
        """
        class SI(SI):
            def begin_task(self, model):
                path = getattr(self, "path", None)
                super().begin_task(model)
                self.path = path or self.path
        """,
    )
    assert "first task's ω is still in it" in said


@pytest.mark.parametrize(
    ("answer", "letters"),
    [
        ({"A": True, "B": False, "C": True}, "A, C"),
        (["C", "A"], "A, C"),
        ("BD", "B, D"),
        ({"E"}, "E"),
        ("A, B", "A, B"),
    ],
)
def test_a_quiz_answer_is_recorded(answer: Any, letters: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_check("quiz-05", {"quiz_05": answer})
    assert capsys.readouterr().out == f"✓ quiz-05: recorded: {letters}\n"


@pytest.mark.parametrize("answer", [{"A": False, "B": False}, [], ""])
def test_an_empty_quiz_answer_is_unfinished(answer: Any) -> None:
    with pytest.raises(NotImplementedError, match="nothing is chosen"):
        try_check("quiz-05", {"quiz_05": answer})


@pytest.mark.parametrize("answer", [None, 3, {"A": 1}, ["F"], "yes", [True]])
def test_a_malformed_quiz_answer_is_explained(answer: Any) -> None:
    with pytest.raises(CheckFailed, match="quiz_05"):
        try_check("quiz-05", {"quiz_05": answer})
