"""Attacks of the sample class that know this homework; each replaces the general attack of its name."""

from autograder.demo.hostile import Attack

DROP_ASSERTS = """
ip = get_ipython()
ip.input_transformers_cleanup.append(
    lambda lines: [line for line in lines if not line.lstrip().startswith(("assert", "check("))])
import lifelong, lifelong.checks
lifelong.check = lifelong.checks.check = check = lambda *arguments: None
"""

IMPORTANCE = "    def importance(self, model, batches):"
EMPTY = f"class EWC(QuadraticPenalty):\n{IMPORTANCE} return {{}}"
ENDLESS = f"class MAS(QuadraticPenalty):\n{IMPORTANCE}\n        import time\n        while True: time.sleep(1)"
HUGE = "def permute(images, permutation):\n    return torch.ones(10**11)"

ATTACKS = (
    Attack("eve-drop-asserts", "tests that are not run", {"ewc": EMPTY}, DROP_ASSERTS),
    Attack("eve-loop", "a grader that never ends", {"mas": ENDLESS}),
    Attack("eve-memory", "a machine without memory", {"permutation": HUGE}),
)
