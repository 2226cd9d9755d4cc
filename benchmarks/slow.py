"""How long a student's right but slow methods take: ``python -m benchmarks.slow`` prints the whole homework's minutes.

The implementations are right ones of the mistake bank: one backward pass for every single example, a graph for every
slice, NumPy in every step, and a penalty that only autograd can differentiate. The budget is the homework's own.
"""

import argparse

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.verify.bank import Kind, samples
from benchmarks.training import METHODS, definitions, machine, strength
from lifelong import Method, load_mnist, permuted_tasks, run

STYLES = {
    "penalty": "a generator and sum()",
    "ewc": "backward, zero_grad, gradients put back",
    "mas": "backward, zero_grad, gradients put back",
    "si": "NumPy",
    "rwalk": "state moves on in consolidate",
    "scp": "a graph for each slice, gradients added up over batches",
}
"""Exercise id → the right answer of the bank that is taken."""


def student() -> dict[str, type[Method]]:
    """The slow classes by name, as the student's notebook would define them."""
    names = {**definitions(), "__name__": "student"}
    sources = {
        (sample.exercise, sample.name): sample.source
        for sample in samples(Assignment.load(Course.find(), "hw14"))
        if sample.kind is Kind.STYLE
    }
    for exercise, style in STYLES.items():
        exec(sources[exercise, style], names)
    return {"Baseline": Method} | {name: names[name] for name in METHODS[1:]}


def main() -> None:
    """Train all six, then print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10, help="a task")
    options = parser.parse_args()
    tasks = permuted_tasks(load_mnist(), definitions()["permute"])
    rows = []
    for name, kind in student().items():
        method = kind()
        method.strength = strength(name)
        history = run(method, tasks, epochs=options.epochs)
        rows.append((name, STYLES.get(name.lower(), ""), history))
    print(f"\n5 tasks × {options.epochs} epochs; {machine()}\n")
    print("| method | written as | final average accuracy, % | seconds |\n|---|---|---|---|")
    for name, style, history in rows:
        print(f"| {name} | {style} | {100 * float(history.average[-1]):.2f} | {history.seconds:.0f} |")
    print(f"\n{sum(history.seconds for *_, history in rows) / 60:.1f} minutes in all")


if __name__ == "__main__":
    main()
