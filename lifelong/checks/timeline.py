"""Check of `timeline`: the years and ideas of the frameworks."""

from collections.abc import Mapping

from lifelong.checks.expect import CheckFailed, Names, lookup
from lifelong.checks.outcomes import Recorded

YEAR_KEYS = "Torch,Theano,Torch7,Pylearn2,Keras,Chainer,TensorFlow,Torchnet,DyNet,PyTorch,ONNX,end of Theano,TensorFlow 2.0,last Chainer".split(
    ","
)

IDEA_KEYS = "bagging,compiler,text,sequential,numpy,by run,session,batching,exchange".split(",")
CANDIDATES = "Autograd,Chainer,DyNet,Keras,ONNX,Pylearn2,TensorFlow,Theano,Torch".split(",")


def check(names: Names) -> str:
    """Whether both tables are complete; never whether they are right."""
    years, ideas = (lookup(names, name, "timeline")() for name in ("years", "introduced"))
    for name, table, keys in (("years", years, YEAR_KEYS), ("introduced", ideas, IDEA_KEYS)):
        if not isinstance(table, Mapping):
            raise CheckFailed(f"{name}() should return a dict, but returns {table!r}.")
        for key in keys:
            if key not in table:
                raise CheckFailed(f"{name}() has no entry {key!r}.")
    for key in YEAR_KEYS:
        if type(years[key]) is not int or not 1990 <= years[key] <= 2030:
            raise CheckFailed(f"years()[{key!r}] should be a year, an int, but is {years[key]!r}.")
    for key in IDEA_KEYS:
        if ideas[key] not in CANDIDATES:
            raise CheckFailed(f"introduced()[{key!r}] is {ideas[key]!r}, which is not one of {', '.join(CANDIDATES)}.")
    return Recorded("recorded: 14 years and 9 names. Whether they are right, only the marks will say.")
