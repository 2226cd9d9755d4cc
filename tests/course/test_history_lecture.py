"""The lecture on framework history carries every name, its table finds them, its figures show what is so."""

import re

import pytest

from autograder.course.lecture import lecture_notebook
from lifelong.checks import timeline
from lifelong.plots import history as figures
from tests.course.bank_reference import COURSE, namespace
from tests.course.lecture_reference import ink
from tests.lifelong.test_eras import lecture

pytestmark = pytest.mark.heavy


def test_the_timeline_is_in_order_and_knows_its_names() -> None:
    names = lecture()
    entries = names["FRAMEWORKS"] + names["AROUND"]
    by_name = {entry.name: entry for entry in entries}
    assert len(by_name) == len(entries)
    for entry in entries:
        assert 2000 < entry.first <= (entry.ended or 2026) <= 2026
        assert entry.source
        for parent in entry.parents:
            assert by_name[parent].first <= entry.first, (entry.name, parent)


NAMES = "Torch5,torchvision,:cuda(),cunn,image,paths,optim,Theano,28 September 2017,15 November 2017,Pylearn2,Torchnet,Keras,Autograd,Chainer,MXNet,TensorFlow,DyNet,PyTorch,Ignite,TensorFlow 2,PyTorch 1.0,CNTK,2.7,Caffe2,PlaidML,Tensor Comprehensions,TensorFlow.js,Swift for TensorFlow,ConvNetJS,ONNX,PyTorch Hub,TensorFlow Hub,Hugging Face,modelzoo,torchvision.datasets,Estimators,TensorBoard,Mobile and TPU,Gyms and simulators,Nguyen,Barham,Isard,Avalanche,Raina,Cireşan,Krizhevsky,LeNet-5,1989,self.fc1,_biases,tf.sum,SGD(lr=,newaxis,reduce_sum,tf.cast,assign_add,custom_loss,l2,scan,placeholder,Session"


@pytest.mark.parametrize("name", NAMES.split(","))
def test_every_name_of_the_slides_is_in_the_lecture(name: str) -> None:
    text = "\n".join(cell.source for cell in lecture_notebook(COURSE, "framework_history").cells)
    assert name in text


def test_the_figures_are_drawn_and_the_slider_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    slider = figures.static_and_tape()
    assert len({slider._png(position)[0] for position in range(len(figures.MOMENTS))}) == len(figures.MOMENTS)
    names = lecture()
    drawings = {
        "layers": figures.layers,
        "timeline": lambda: figures.timeline(names["FRAMEWORKS"]),
        "around": lambda: figures.timeline(names["AROUND"]),
        "fits": lambda: figures.fits(names["line_weights"], names["net_weights"]),
        "agreement": lambda: figures.agreement(names["ledger"].entries),
    }
    for name, draw in drawings.items():
        assert 0.005 < ink(draw()) < 0.9, name
    for entries in (names["FRAMEWORKS"], names["AROUND"]):
        picture = figures.timeline(entries)
        assert picture is not None
        shown = {label.get_text() for label in picture.axes[0].get_yticklabels()}
        assert shown == {entry.name for entry in entries}
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    assert figures.layers() is None


def test_the_moments_are_what_the_program_computes() -> None:
    for moment, value in ((figures.MOMENTS[3], 3), (figures.MOMENTS[5], 2)):
        tape, b = [f"x = {value}", f"a = {value * value}"], value * value + value
        tape.append(f"b = {b}")
        while b < 50:
            b = b * 2
            tape.append(f"b = {b}")
        assert list(moment.tape) == tape


def test_nothing_that_lifelong_ships_answers_the_timeline() -> None:
    years, ideas = (namespace("framework_history", {})[name]() for name in ("years", "introduced"))
    for path in (COURSE.root / "lifelong").rglob("*.*"):
        text = path.read_text(encoding="utf-8") if path.suffix in (".py", ".toml", ".json", ".csv", ".md") else ""
        told = {each for each, year in years.items() if re.search(rf'(?s)"{each}\b.{{,40}}\b{year}\b', text)}
        assert len(told) < 4, (path, told)
    assert sum(ideas[key] == name for key, name in zip(timeline.IDEA_KEYS, timeline.CANDIDATES, strict=True)) < 3
