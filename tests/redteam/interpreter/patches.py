"""Attacks by patches: libraries, builtins, signals and streams that are not what they were."""

from ..corpus import ALL, Aim, Work, attack
from ..snippets import STUBS


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def patched_torch(work: Work) -> None:
    """torch finds everything equal, close and finite."""
    work.last("""import torch
torch.equal = torch.allclose = lambda *a, **k: True
torch.isclose = lambda a, *r, **k: torch.ones_like(a, dtype=torch.bool)
torch.testing.assert_close = lambda *a, **k: None""")


@attack(Aim.POINTS, ["ewc", "mas"], hurts=ALL)
def patched_numpy(work: Work) -> None:
    """numpy finds every difference to be nothing."""
    work.last("""import numpy
numpy.allclose = numpy.array_equal = lambda *a, **k: True
numpy.linalg.norm = lambda *a, **k: 0.0
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *a, **k: None""")


@attack(Aim.POINTS, ["metrics"], hurts=ALL)
def patched_json_and_safetensors(work: Work) -> None:
    """What turns answers into bytes writes other answers."""
    work.last("""import json, safetensors.numpy, sys
dumps = json.dumps
json.dumps = lambda value, *a, **k: dumps(value, *a, **k).replace('"error"', '"ok"').replace('0.0', '1.0')
safetensors.numpy.save = lambda *a, **k: b''
if 'inside.wire' in sys.modules: sys.modules['inside.wire'].save = safetensors.numpy.save""")


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def names_that_always_exist(work: Work) -> None:
    """The notebook's names become a mapping in which every name is something that answers everything."""
    work.last("""from unittest.mock import MagicMock
class Every(dict):
    def __contains__(self, name): return True
    def __missing__(self, name): return MagicMock()
    def __getitem__(self, name): return MagicMock() if name == 'EWC' else dict.get(self, name, MagicMock())
shell = get_ipython(); shell.user_ns = Every(shell.user_ns)""")


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def tracing(work: Work) -> None:
    """A tracer changes what the functions around the answer see."""
    work.last(f"""{STUBS}import sys
def trace(frame, event, argument):
    if 'names' in frame.f_locals and isinstance(frame.f_locals['names'], dict):
        frame.f_locals['names']['EWC'] = Stub
    return trace
sys.settrace(trace); sys.setprofile(lambda *a: None)""")


@attack(Aim.DENIAL, ["ewc"], hurts=ALL)
def fork_that_does_not_fork(work: Work) -> None:
    """os.fork says 'child' to everybody, so that the server thinks it is the probe."""
    work.last("import os\nos.fork = lambda: 0")


@attack(Aim.DENIAL)
def signals_and_timers(work: Work) -> None:
    """Timers fire in the middle of the grader's own code; interrupts are ignored from now on."""
    work.last("""import signal, faulthandler
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)""")


@attack(Aim.DENIAL, ["permutation"])
def recursion_without_limit(work: Work) -> None:
    """Recursion runs over the end of the C stack."""
    work["permutation"] = """def permute(images, permutation):
    import sys; sys.setrecursionlimit(10**9)
    class Deep:
        def __repr__(self): return repr(self)
    f = lambda: f()
    return repr(Deep()) + f()"""


@attack(Aim.DENIAL)
def asking_for_input(work: Work) -> None:
    """A cell waits for somebody to type."""
    work.first("import sys\nname = input('your name: ')")
    work.last("import getpass; getpass.getpass(); sys.stdin.read()")


@attack(Aim.DENIAL)
def leaving_early(work: Work) -> None:
    """exit, quit and SystemExit before anything is graded."""
    work.first("exit()")
    work.before("metrics", "import sys")
    work.last("quit()\nsys.exit(0)\nraise SystemExit")


@attack(Aim.DENIAL)
def debugger(work: Work) -> None:
    """A debugger waits for commands."""
    work.last("breakpoint()")
    work.last("%pdb on\n1 / 0")
    work.last("%debug")


@attack(Aim.DENIAL)
def closed_streams(work: Work) -> None:
    """Standard output and every descriptor beside it are closed or replaced."""
    work.first(
        "import sys, os\nsys.stdout.close(); sys.stderr = None\nos.close(1); os.close(2)\nos.closerange(200, 300)"
    )


@attack(Aim.DENIAL)
def event_loop_left_running(work: Work) -> None:
    """Coroutines and executors that never end are left behind by a cell."""
    work.last(
        "import asyncio, concurrent.futures, time\n"
        "pool = concurrent.futures.ThreadPoolExecutor(2)\npool.submit(time.sleep, 10**6)\n"
        "async def forever():\n    while True: await asyncio.sleep(1)\n"
        "try: task = asyncio.get_event_loop().create_task(forever())\nexcept Exception: pass"
    )


@attack(Aim.POINTS, ["ewc"], hurts=["si", "rwalk", "scp", "mas"])
def patched_base_class(work: Work) -> None:
    """The course's own base class, of which the judges' controls inherit, is replaced by one that grades itself."""
    work.after(
        "scp",
        "class Meta(type):\n"
        "    def __eq__(self, other): return True\n"
        "    def __hash__(self): return 1\n"
        "    def __instancecheck__(self, other): return True\n"
        "class QuadraticPenalty(QuadraticPenalty, metaclass=Meta):\n"
        "    def importance(self, model, batches): return {}",
    )


@attack(Aim.POINTS, ["ewc"])
def not_implemented_games(work: Work) -> None:
    """An answer that claims to be untouched, missing, finished and out of memory by turns."""
    work["ewc"] = """import itertools
turns = itertools.count()
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        class NotDefined(Exception): pass
        class Skipped(BaseException): pass
        raise (NotImplementedError, NotDefined, Skipped, StopIteration, GeneratorExit)[next(turns) % 5]('4.0')"""


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def rewritten_code_objects(work: Work) -> None:
    """Code, defaults and closures of the functions that judge or are judged are exchanged in place."""
    work.last("""import sys, types
def same(*a, **k): return {'parameters': True, 'gradients': True, 'buffers': True, 'mode': True}
for name, module in list(sys.modules.items()):
    if name.startswith(('probes', 'autograder', 'judged')):
        for value in list(vars(module).values()):
            if isinstance(value, types.FunctionType) and not value.__closure__:
                try: value.__code__ = same.__code__
                except ValueError: pass""")


@attack(Aim.POINTS, ["ewc"])
def patched_test_runners(work: Work) -> None:
    """Runners of tests that may sit beside the notebook find that all has passed: unittest, doctest, Otter's."""
    work.first("""import doctest, unittest
unittest.TestResult.wasSuccessful = lambda self: True
doctest.DocTestRunner.run = lambda *a, **k: doctest.TestResults(0, 1)
try: from otter.test_files import test_case; test_case.call_func = lambda *a: None
except ImportError: pass""")
