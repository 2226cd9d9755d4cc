"""The bank's samples that share a process get what each gets alone, whatever the others do."""

import pytest

from autograder.course.assignment import Assignment
from autograder.verify.bank import Kind, Sample, samples
from autograder.verify.promises import Pool, _try, _try_together, groups
from tests.places import EXAMPLE
from tests.tool.sandboxes import require_sandbox

pytestmark = pytest.mark.heavy

ARRAYS = Assignment.load(EXAMPLE, "arrays")
BANK = samples(ARRAYS)
RIGHT = next(sample.source for sample in BANK if sample.exercise == "cosine" and sample.kind is Kind.STYLE)
ODD = {
    "spoils what is shared": f"{RIGHT}\nnp.inner = np.sqrt = None",
    "fails at its end": f"{RIGHT}\nraise ValueError",
    "defines nothing by name": f"exec({RIGHT!r})",
    "ends the process of all": f"import os\nos.kill(os.getppid(), 9)\n{RIGHT}",
    "right after that": RIGHT,
}


def test_samples_together_get_what_each_gets_alone() -> None:
    require_sandbox()
    bank = [*BANK, *(Sample("cosine", Kind.STYLE, name, source) for name, source in ODD.items())]
    with Pool(EXAMPLE, ["arrays"], 1) as pool:
        alone = [*pool.map(lambda sandbox, sample: _try(ARRAYS, sandbox, sample), bank)]
        judged = pool.map(lambda sandbox, group: _try_together(ARRAYS, sandbox, group), groups(bank))
        together = [verdict for group in judged for verdict in group]
    for sample, one, other in zip(bank, alone, together, strict=True):
        assert (one.exercise, one.score, one.state) == (other.exercise, other.score, other.state), sample.name
    full = {sample.name for sample, verdict in zip(bank, alone, strict=True) if verdict.score == verdict.max}
    assert full >= {"right after that", "fails at its end", "defines nothing by name"}
