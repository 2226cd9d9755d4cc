"""The bank's samples that share a process get what each gets alone, whatever the others do."""

import pytest

from autograder.course.assignment import Assignment
from autograder.verify.bank import Kind, Sample, samples
from autograder.verify.promises import Pool, _groups, _try, _try_together
from tests.places import EXAMPLE
from tests.tool.sandboxes import require_sandbox

pytestmark = pytest.mark.heavy

ARRAYS = Assignment.load(EXAMPLE, "arrays")
BANK = samples(ARRAYS)
RIGHT = next(sample.source for sample in BANK if sample.exercise == "cosine" and sample.kind is Kind.STYLE)
ODD = {
    "spoils what is shared": f"{RIGHT}\nnp.inner = np.sqrt = None",
    "right beside it": RIGHT,
    "fails at its end": f"{RIGHT}\nraise ValueError",
    "fails at its start": f"raise ValueError\n{RIGHT}",
    "defines nothing by name": f"exec({RIGHT!r})",
    "ends its process": f"import os\nos._exit(0)\n{RIGHT}",
    "ends the process of all": f"import os\nos.kill(os.getppid(), 9)\n{RIGHT}",
    "right after that": RIGHT,
}


def test_samples_together_get_what_each_gets_alone() -> None:
    require_sandbox()
    bank = [*BANK, *(Sample("cosine", Kind.STYLE, name, source) for name, source in ODD.items())]
    with Pool(EXAMPLE, ["arrays"], 1) as pool:
        alone = [*pool.map(lambda sandbox, sample: _try(ARRAYS, sandbox, sample), bank)]
        groups = pool.map(lambda sandbox, group: _try_together(ARRAYS, sandbox, group), _groups(bank))
        together = [verdict for group in groups for verdict in group]
    pairs = list(zip(bank, alone, together, strict=True))
    marks = [[(sample.name, each.exercise, each.score, each.state) for each in found] for sample, *found in pairs]
    assert [each for each in marks if each[0] != each[1]] == []
    full = {sample.name for sample, verdict, _ in pairs if verdict.score == verdict.max}
    assert full >= {"right beside it", "right after that", "fails at its end", "defines nothing by name"}
