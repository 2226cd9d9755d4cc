"""Attacks through the objects that are handed over: what lies when it is compared, measured or packed."""

from autograder.demo.hostile import EQUAL_TO_EVERYTHING

from .corpus import ALL, Aim, Work, attack


def _ewc(body: str, above: str = "") -> str:
    """An EWC whose importance is ``body``, with ``model`` and ``batches`` in reach."""
    lines = "\n".join("        " + line for line in body.split("\n"))
    return f"{above}\nclass EWC(QuadraticPenalty):\n    def importance(self, model, batches):\n{lines}\n"


def _each(value: str) -> str:
    return _ewc(f"return {{name: {value} for name, p in model.named_parameters()}}")


@attack(Aim.POINTS, ["metrics"])
def equal_to_everything(work: Work) -> None:
    """Objects that equal whatever they are compared with."""
    work["metrics"] = EQUAL_TO_EVERYTHING + "average_accuracy = forgetting = backward_transfer = Always()"


@attack(Aim.POINTS, ["metrics"])
def returned_equal_to_everything(work: Work) -> None:
    """Functions that return such objects."""
    work["metrics"] = (
        EQUAL_TO_EVERYTHING + "average_accuracy = forgetting = backward_transfer = lambda *a, **k: Always()"
    )


@attack(Aim.POINTS, ["ewc"])
def torch_function(work: Work) -> None:
    """Tensors of a subclass for which every operation answers 'equal'."""
    above = """class Sly(torch.Tensor):
    @staticmethod
    def __new__(cls, data): return torch.Tensor._make_subclass(cls, data)
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        name = getattr(function, '__name__', '')
        if name in ('equal', 'allclose', '__eq__', 'eq', 'isclose'): return torch.tensor(True)
        if name in ('norm', 'dist', 'sub', '__sub__', '__rsub__', 'rsub', 'abs', 'max', 'linalg_vector_norm'):
            return torch.tensor(0.0)
        return super().__torch_function__(function, types, args, kwargs or {})"""
    work["ewc"] = _ewc("return {name: Sly(torch.zeros_like(p)) for name, p in model.named_parameters()}", above)


@attack(Aim.POINTS, ["ewc"])
def torch_dispatch(work: Work) -> None:
    """Tensors that answer one level deeper, in __torch_dispatch__."""
    above = """class Deep(torch.Tensor):
    @staticmethod
    def __new__(cls, data): return torch.Tensor._make_wrapper_subclass(cls, data.shape)
    def __init__(self, data): self.data_ = data
    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return torch.tensor(True)"""
    work["ewc"] = _ewc("return {name: Deep(torch.zeros_like(p)) for name, p in model.named_parameters()}", above)


@attack(Aim.POINTS, ["ewc"])
def meta_tensors(work: Work) -> None:
    """Tensors without values."""
    work["ewc"] = _each("torch.empty_like(p, device='meta')")


@attack(Aim.POINTS, ["ewc"])
def fake_tensors(work: Work) -> None:
    """Tensors that only pretend to have values."""
    work["ewc"] = _ewc("""from torch._subclasses import FakeTensorMode
with FakeTensorMode() as mode:
    return {name: torch.zeros(p.shape) for name, p in model.named_parameters()}""")


@attack(Aim.POINTS, ["ewc"])
def not_a_number(work: Work) -> None:
    """NaN, which is neither more nor less than any tolerance."""
    work["ewc"] = _each("torch.full_like(p, float('nan'))")


@attack(Aim.POINTS, ["ewc", "metrics"])
def infinite(work: Work) -> None:
    """Infinities and numbers at the end of the range, whose differences are not defined."""
    work["ewc"] = _each("torch.full_like(p, float('inf')).double() * 1e308")
    work["metrics"] = "average_accuracy = forgetting = backward_transfer = lambda *a: float('-inf')"


@attack(Aim.POINTS, ["metrics"])
def integers_beyond_floats(work: Work) -> None:
    """Integers of four hundred digits, decimals, fractions, complex numbers, strings that look like numbers."""
    work["metrics"] = """import decimal, fractions, itertools
kinds = itertools.cycle([10**400, decimal.Decimal('NaN'), fractions.Fraction(1, 3), 1j, 'nan', '0.5', True])
average_accuracy = forgetting = backward_transfer = lambda *a: next(kinds)"""


@attack(Aim.DENIAL, ["ewc"])
def nested_without_end(work: Work) -> None:
    """A dict that holds itself, and a list a hundred thousand levels deep."""
    work["ewc"] = _ewc("""loop = {}; loop['x'] = loop
deep = []
for _ in range(100_000): deep = [deep]
return {'loop': loop, 'deep': deep}""")


@attack(Aim.DENIAL, ["ewc"])
def endless_mapping(work: Work) -> None:
    """A dict whose items never end."""
    above = """import itertools
class Endless(dict):
    def items(self): return ((str(n), 0.0) for n in itertools.count())
    def __len__(self): return 4"""
    work["ewc"] = _ewc("return Endless(a=1)", above)


@attack(Aim.POINTS, ["ewc"])
def lying_mapping(work: Work) -> None:
    """A dict that has every key, and never the value that was looked for."""
    work["ewc"] = _ewc(
        "return Lying()",
        "class Lying(dict):\n"
        "    def __contains__(self, key): return True\n    def __missing__(self, key): return 0.0\n"
        "    def keys(self): return []\n    def __eq__(self, other): return True\n    __hash__ = None",
    )


@attack(Aim.POINTS, ["ewc"])
def other_dtypes(work: Work) -> None:
    """Complex, boolean, quantised and sparse tensors, big-endian, structured and object arrays."""
    work["ewc"] = _ewc("""import numpy, itertools
kinds = itertools.cycle([lambda s: torch.zeros(s, dtype=torch.complex64), lambda s: torch.ones(s).bool(), lambda s: torch.quantize_per_tensor(torch.zeros(s), 1.0, 0, torch.qint8), lambda s: torch.zeros(s).to_sparse(), lambda s: numpy.zeros(s, '>f4'), lambda s: numpy.zeros(s, 'f4,i2'), lambda s: numpy.full(s, object()), lambda s: numpy.zeros(s, 'M8[s]'), lambda s: torch.zeros(s, dtype=torch.float8_e5m2)])
return {name: next(kinds)(tuple(p.shape)) for name, p in model.named_parameters()}""")


@attack(Aim.DENIAL, ["ewc"])
def huge_without_memory(work: Work) -> None:
    """A tensor of a trillion entries that all lie in one place."""
    work["ewc"] = _each("torch.zeros(1).expand(1 << 20, 1 << 20)")


@attack(Aim.DENIAL, ["ewc"])
def huge_with_memory(work: Work) -> None:
    """A reply of a gigabyte."""
    work["ewc"] = _each("torch.zeros(1 << 26)")


@attack(Aim.DENIAL, ["permutation"])
def million_small_things(work: Work) -> None:
    """A reply of a million small lists, each of which takes many times its bytes in the reader's memory."""
    work["permutation"] = """def permute(images, permutation):
    return [[] for _ in range(1_000_000)]"""


@attack(Aim.POINTS, ["permutation"])
def aliased_inputs(work: Work) -> None:
    """The answer is the question: the very tensor that was handed over, and a view that changes it."""
    work["permutation"] = "def permute(images, permutation):\n    images.zero_()\n    return images"


@attack(Aim.POINTS, ["permutation"])
def subclasses_of_plain_types(work: Work) -> None:
    """Strings, floats and arrays of one's own that compare as they like."""
    work["permutation"] = (
        "import numpy\nclass Array(numpy.ndarray):\n"
        "    def __array_ufunc__(self, *a, **k): return True\n    def __array_function__(self, *a, **k): return True\n"
        "    def __eq__(self, other): return True\n"
        "def permute(images, permutation): return numpy.zeros(images.shape).view(Array)"
    )


@attack(Aim.HARM, ["permutation"])
def pickle_that_runs(work: Work) -> None:
    """An object whose unpickling would run a command."""
    work["permutation"] = """class Run:
    def __reduce__(self): return (__import__('os').system, ('touch /tmp/redteam-pickle',))
    __getstate__ = __reduce_ex__ = lambda self, *a: self.__reduce__()
def permute(images, permutation): return Run()"""


@attack(Aim.POINTS, ["ewc"])
def class_that_pretends(work: Work) -> None:
    """Objects whose __class__ says Tensor."""
    work["ewc"] = _ewc(
        "return {name: Mask() for name, p in model.named_parameters()}",
        "class Mask:\n    __class__ = property(lambda self: torch.Tensor)\n"
        "    def __getattr__(self, name): return lambda *a, **k: True\n    def __array__(self, *a): return [True]",
    )


@attack(Aim.POINTS, ["quiz-01"])
def every_quiz_answer(work: Work) -> None:
    """A quiz answer that is right whichever options are: truthy, equal to everything, never twice the same."""
    work.last(
        EQUAL_TO_EVERYTHING + "import itertools\n"
        "class Any(dict):\n    def items(self): return [(letter, Always()) for letter in 'ABCDE']\n"
        "    def get(self, *a): return Always()\n    def __eq__(self, other): return True\n"
        "quiz_01 = Any(A=Always(), B=Always(), C=Always(), D=Always())"
    )


@attack(Aim.DENIAL, ["ewc"])
def explosive_names(work: Work) -> None:
    """Types whose names, docs and representations are huge, raise, or are no text."""
    work["ewc"] = _ewc(
        "raise Bomb()",
        "class Meta(type):\n    def __repr__(self): raise RuntimeError\n"
        "class Bomb(Exception, metaclass=Meta):\n"
        "    def __str__(self): return 'x' * 300_000_000\n    __repr__ = None\n"
        "Bomb.__name__ = Bomb.__qualname__ = 'B' * 5_000_000; Bomb.__module__ = 7",
    )


@attack(Aim.POINTS, ["permutation"], hurts=ALL)
def everything_at_once(work: Work) -> None:
    """A generator that is still running when it is asked, a coroutine, a partial and a descriptor."""
    work["permutation"] = "class permute:\n    def __new__(cls, *a, **k): return (value for value in iter(int, 1))\n"
    work.last("EWC.importance = property(lambda self: (_ for _ in ()).throw(KeyError))")
