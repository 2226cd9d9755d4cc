# %% [markdown] slideshow={"slide_type": "slide"}
# # Twenty years of frameworks
#
# **Frameworks enable and restrict the ideas.** What takes a line gets tried; what takes a month does not. Each generation made something easy – and something else hard, and the
# next generation began there.
#
# Here every era is *run*, not told: the same straight line and the same small net, ten times, each time in the words of its time. All ten end at the same weights. In every cell the same five lines are marked, *define*, *forward*, *loss*, *backward*, *update*; section 20 puts them side by side.
#
# * **Goals**: say what each generation made easy and what hard; tell a static graph from a tape; read code of any of them.
# * **You need**: a training loop in PyTorch; *autodiff* helps.
# * **Time**: two evenings, 2002 to 2015 (sections 1 to 10) and from there. Run the cells from the top; nothing takes longer than some seconds.
# * **Where it leads**: to the homework, where you write the hearts of them, and to the question why lifelong learning is awkward in all of them.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import numpy as np
import torch
from torch import nn

from lifelong.checks.try_it import try_it
from lifelong.eras.museum import here
from lifelong.eras.problem import Ledger, cars, crash
from lifelong.plots import history as figures

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · The task, in today's words
#
# A **line**: how far did cars of the 1920s roll before they stood still (Ezekiel 1930)? A **small net**, 12 units of tanh: how is a helmet accelerated in the 60 ms of a motorcycle crash (Silverman 1985)? Both are real measurements. Plain
# gradient descent on the mean squared error, the same start, the same batches in the same order, in float64.
#
# This is PyTorch, and the yardstick for everything that follows:

# %% slideshow={"slide_type": "-"}
line, net = cars(), crash()


def today(problem):
    weights = [torch.tensor(w, requires_grad=True) for w in problem.weights()]  # define
    optimizer = torch.optim.SGD(weights, lr=problem.rate)
    for x, y in problem.steps():
        output = torch.from_numpy(x) @ weights[0] + weights[1]
        if len(weights) == 4:
            output = torch.tanh(output) @ weights[2] + weights[3]  # forward
        loss = torch.mean((output - torch.from_numpy(y)) ** 2)  # loss
        optimizer.zero_grad()
        loss.backward()  # backward
        optimizer.step()  # update
    return [w.detach().numpy() for w in weights]


line_weights, net_weights = today(line), today(net)

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
figures.fits(line_weights, net_weights)

# %% slideshow={"slide_type": "skip"}
ledger = Ledger(line, net)
ledger.enter("PyTorch", line_weights, net_weights)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · What stands on what
#
# "Framework" can mean any floor of this house (the order follows the survey of Nguyen et al., 2019). On the right, what $y=xW+b$ looks like from there.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.layers()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The ground floor: why there was something to frame
#
# | year | who | what |
# |---|---|---|
# | 2009 | Raina, Madhavan, Ng | deep belief nets on a GPU: up to 70 times as fast as on a two-core CPU |
# | 2010 | Cireşan, Meier, Gambardella, Schmidhuber | plain deep nets, no tricks, on a GPU: 0.35 % errors on MNIST |
# | 2012 | Krizhevsky, Sutskever, Hinton | convolutional nets, trained on two GPUs, win ImageNet: 15.3 % errors in the top 5 by the mean of seven nets (one alone: 18.2 %); the next best has 26.2 % |
#
# All three wrote their CUDA by hand. Who could not, needed a framework.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Who came when
#
# Where each year comes from is in the hidden cell below, entry by entry. A thin line leads from a parent to its heir, in the heir's first year.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
from lifelong.plots.history import Entry

FRAMEWORKS = [
    Entry("Torch 1–3", 2002, "C++: data set, machine, measurer, trainer", "R. Collobert, S. Bengio, J. Mariéthoz, IDIAP-RR 02-46, 2002; the third and last in C++: Torch 3.1, whose files say 2003–2004", ended=2004),
    Entry("Theano", 2008, "formulas: grad as a graph, optimised, CPU or GPU", "J. Bergstra et al., SciPy 2010; first: “since 2008”, Theano Development Team, arXiv:1605.02688; end: Y. Bengio on theano-users, 28 September 2017", ended=2017),
    Entry("Torch7", 2011, "Lua: tensors, nn modules, optim, :cuda()", "R. Collobert, K. Kavukcuoglu, C. Farabet, BigLearn 2011; end: README of torch/torch7", ended=2017, parents=("Torch 1–3",)),
    Entry("Pylearn2", 2011, "an experiment is a YAML file", "README of lisa-lab/pylearn2; I. Goodfellow et al., arXiv:1308.4214, 2013; end: README, November 2015", ended=2015, parents=("Theano",)),
    Entry("Caffe", 2014, "vision nets as text files, a Model Zoo", "Y. Jia et al., arXiv:1408.5093, 2014; last release 1.0, April 2017 (BVLC/caffe)", ended=2017),
    Entry("Autograd", 2015, "grad(f) of plain NumPy code", "D. Maclaurin, D. Duvenaud, R. Adams, AutoML workshop at ICML 2015; first commit on 24 November 2014 (HIPS/autograd)"),
    Entry("Keras", 2015, "a line a layer; others compute for it", "F. Chollet, keras.io, 2015; version 3 (JAX, TensorFlow, PyTorch): 2023", parents=("Theano", "Torch7")),
    Entry("CNTK", 2015, "graphs over many GPUs and servers", "README of microsoft/CNTK (“since April 2015”); end: release notes of 2.7, 2019 (“the last main release”)", ended=2019),
    Entry("Chainer", 2015, "define-by-run: the trace is the graph", "S. Tokui et al., NIPS workshop 2015; end: Preferred Networks, December 2019 (v7 is the last)", ended=2019),
    Entry("TensorFlow 1", 2015, "graphs on clusters, phones, TPUs; TensorBoard", "M. Abadi et al., white paper, arXiv:1603.04467, and OSDI 2016; 0.5 in November 2015, 1.0 on 11 February 2017; succeeded by 2.0 on 30 September 2019 (release notes)", ended=2019, parents=("Theano",)),
    Entry("MXNet", 2015, "symbols and imperative code mixed", "T. Chen et al., arXiv:1512.01274, 2015; end: Apache Attic, 2023", ended=2023),
    Entry("Torchnet", 2016, "the training loop as an engine with hooks", "R. Collobert, L. van der Maaten, A. Joulin, ICML workshop 2016; end: pytorch/ignite, issue 13, November 2017 (“not being actively developed”)", ended=2017, parents=("Torch7",)),
    Entry("DyNet", 2017, "a graph an example, in C++; for language", "G. Neubig et al., arXiv:1701.03980, 2017; last release 2.1.2, 21 October 2020; “supported anymore?”, clab/dynet, issue 1664, 2023", ended=2020),
    Entry("PyTorch", 2017, "define-by-run on Torch's tensors, in Python", "A. Paszke et al., NIPS workshop 2017 and NeurIPS 2019; alphas since 2016, public on 19 January 2017 (“PyTorch, a year in”, pytorch.org)", parents=("Torch7", "Chainer", "Autograd")),
    Entry("Caffe2", 2017, "nets in production and on phones", "caffe2.ai, April 2017; merged into PyTorch: caffe2.ai/blog, 2 May 2018", ended=2018, parents=("Caffe",)),
    Entry("PyTorch 1.0", 2018, "trace or script a graph from eager code", "“The road to 1.0”, pytorch.org, 2 May 2018; released on 7 December 2018", parents=("PyTorch", "Caffe2")),
    Entry("JAX", 2018, "grad, jit, vmap of pure functions", "R. Frostig, M. Johnson, C. Leary, SysML 2018", parents=("Autograd",)),
    Entry("TensorFlow 2", 2019, "eager first, tf.function for the graph, Keras inside", "A. Agrawal et al., “TensorFlow Eager”, SysML 2019; 2.0 on 30 September 2019 (release notes)", parents=("TensorFlow 1", "Keras")),
]

AROUND = [
    Entry("ConvNetJS", 2014, "training in a browser tab", "A. Karpathy, karpathy/convnetjs, first commit on 4 January 2014; last of its code on 24 August 2015; end: its README (“not actively maintaining”), 13 March 2016", ended=2015),
    Entry("TensorBoard", 2015, "curves and graphs of a run", "TensorFlow white paper, November 2015, section 9"),
    Entry("OpenAI Gym", 2016, "one interface to all environments", "G. Brockman et al., arXiv:1606.01540, 2016; end: README of openai/gym, 2022; continued as Gymnasium, M. Towers et al., arXiv:2407.17032", ended=2022),
    Entry("tf.estimator", 2017, "train and evaluate without a session", "H.-T. Cheng et al., KDD 2017; removed: release notes of TensorFlow 2.16.1, March 2024", ended=2024, parents=("TensorFlow 1",)),
    Entry("ONNX", 2017, "a net as a file that others can run", "Facebook and Microsoft, September 2017, onnx.ai; CNTK reads and writes it since October 2017 (its README)"),
    Entry("PlaidML", 2017, "Keras on any GPU, kernels made to measure", "Vertex.AI, October 2017 (Intel's since 2018); repository archived on 29 March 2025", ended=2025, parents=("Keras",)),
    Entry("Ignite", 2017, "Torchnet's engine for PyTorch", "pytorch/ignite, issue 13, November 2017 (“inspired by tnt”)", parents=("Torchnet", "PyTorch")),
    Entry("Tensor Compr.", 2018, "write a formula, get a tuned CUDA kernel", "N. Vasilache et al., arXiv:1802.04730, 2018; end: facebookresearch/TensorComprehensions, issue 619, August 2019", ended=2019),
    Entry("TensorFlow.js", 2018, "training and running in JavaScript", "D. Smilkov et al., SysML 2019 (arXiv:1901.05350); released on 30 March 2018 (TensorFlow's blog)", parents=("TensorFlow 1", "ConvNetJS")),
    Entry("Swift for TF", 2018, "derivatives in the compiler", "tensorflow/swift, April 2018; end: issue 609, 12 February 2021", ended=2021, parents=("TensorFlow 1",)),
    Entry("TensorFlow Hub", 2018, "trained parts to build upon", "TensorFlow's blog, “Introducing TensorFlow Hub”, 2018"),
    Entry("HF transformers", 2018, "one interface to all language models", "T. Wolf et al., EMNLP 2020 (arXiv:1910.03771); first as pytorch-pretrained-bert, release 0.1.2, November 2018", parents=("PyTorch",)),
    Entry("PyTorch Hub", 2019, "a model from a repository in a line", "pytorch.org/blog, “Towards Reproducible Research with PyTorch Hub”, 10 June 2019", parents=("PyTorch",)),
    Entry("Avalanche", 2021, "lifelong learning: streams, strategies, metrics", "V. Lomonaco et al., CVPR workshop 2021 (arXiv:2104.00405)", parents=("PyTorch 1.0",)),
]

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.timeline(FRAMEWORKS)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Torch, 2002: four nouns
#
# Ronan Collobert, Samy Bengio and Johnny Mariéthoz write a C++ library in which everything is a **DataSet**, a **Machine**, a **Measurer** or a **Trainer**. A layer is a machine; so is a stack of
# layers, a support vector machine, or a *distribution*: a Gaussian mixture, a hidden Markov model. Each has its trainer: a stochastic gradient, or a quadratic program with constraints for the support vectors. And trainers hold trainers: **bagging** averages
# machines trained on samples drawn anew, **boosting** trains each machine on what those before it got wrong. (Versions 1 to 3 were C++, under the BSD licence; with Torch5 the script language Lua came in.)
#
# The deck gives three of the nouns their *design patterns*: DataSet is a **proxy**, which stands for data wherever they are; Machine an **adapter**, one interface for unlike learners; Trainer a **controller**. Measurer it leaves open: an **observer** fits, which is shown every output and changes nothing.
#
# * **Made easy**: swapping parts. The same trainer for any machine, the same measurer for any trainer.
# * **Made hard**: a new idea is a new C++ class with a `backward` worked out on paper.

# %% slideshow={"slide_type": "subslide"}
from lifelong.eras import torch2002


def in_2002(problem, machines):
    mlp = torch2002.ConnectedMachine()
    for machine in machines:
        mlp.addFCL(machine)  # define
    data = torch2002.DataSet(*zip(*problem.batches))
    trainer = torch2002.StochasticGradient(mlp, torch2002.MSECriterion())  # loss
    trainer.setROption("learning rate", problem.rate)
    trainer.setIOption("max iter", problem.epochs)
    measurer = torch2002.MSEMeasurer(mlp)
    trainer.train(data, [measurer])  # forward, backward, update
    print(f"mean squared error {measurer.history[0]:.3f} → {measurer.history[-1]:.3f}")
    return mlp.params


W1, b1, W2, b2 = net.start
ledger.enter(
    "Torch (2002)",
    in_2002(line, [torch2002.Linear(*line.start)]),
    in_2002(net, [torch2002.Linear(W1, b1), torch2002.Tanh(), torch2002.Linear(W2, b2)]),
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Theano, 2008: write the formula
#
# Montréal's idea: you write **formulas**, not programs. Nothing is computed; a *graph* grows. `T.grad` makes a graph of a graph. Then a compiler simplifies it, chooses CPU or GPU, and
# `theano.function` hands you a function. (The paper is of 2010. The end was announced on 28 September 2017, version 1.0 came on 15 November 2017; *the slides say 2019*.)
#
# <details class="predict"><summary><b>Predict.</b> The derivative of x² as <code>T.grad</code> builds it, before anything is simplified: 2x?</summary><p>Longer: the rule for powers, 2 · x<sup>2−1</sup>, times the adjoint of the output, an array of ones of its shape. It <i>is</i> 2x, but a program must find that out.</p></details>

# %% slideshow={"slide_type": "-"}
import lifelong.eras.theano as theano

T = theano.tensor

x = T.dscalar("x")
slope = T.grad(x**2, x)
print("the derivative as it is built:", theano.pp(slope))
print("compiled, at 3:", theano.function([x], slope)(3))

# %% [markdown] slideshow={"slide_type": "-"}
# The real Theano's optimiser rewrites that long formula to `2.0 * x` before it compiles. Ours leaves it long: you write the simplifier in the homework.

# %% slideshow={"slide_type": "subslide"}
def train_theano(problem):
    x, y = T.dmatrix("x"), T.dmatrix("y")
    weights = [theano.shared(w) for w in problem.start]  # define
    output = T.dot(x, weights[0]) + weights[1]
    if len(weights) == 4:
        output = T.dot(T.tanh(output), weights[2]) + weights[3]  # forward
    cost = T.mean((output - y) ** 2)  # loss
    updates = [(w, w - problem.rate * slope) for w, slope in zip(weights, T.grad(cost, weights))]  # backward, update
    train = theano.function([x, y], cost, updates=updates)  # the whole step, compiled once
    for batch in problem.steps():
        train(*batch)  # run
    return [w.get_value() for w in weights]


ledger.enter("Theano", train_theano(line), train_theano(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What the graph made hard
#
# A formula has no `if` and no `for`. The graph needs nodes of its own for them: `ifelse`, and `scan` for loops. (*The slide's loop in NumPy* that `scan` is compared with has a bug. You mend it in the homework.) So the deck calls Theano **not a true automatic
# differentiation framework**: it differentiates a formula that you hand it, not the program that you wrote. And it **compiles**: behind `function` C code is written and built, "a slight delay" in the tutorial's x + y, a substantial one for a recurrent network.
#
# <details class="predict"><summary><b>Predict.</b> M = 2, k = 3. What does the slide's loop give, what <code>scan</code>? And <code>if m &gt; 1</code> of a symbol m?</summary><p>16 and 8: the loop starts from M and multiplies k times, so it computes M<sup>k+1</sup>. <code>if</code> raises a TypeError: while the graph is built, m has no value that could be larger than 1.</p></details>

# %% slideshow={"slide_type": "-"}
M, k = 2.0, 3
product = M
for _ in range(k):
    product = product * M
m = T.dscalar("M")
powers, updates = theano.scan(fn=lambda before: before * m, outputs_info=1.0, n_steps=k)
print("the slide's loop:", product, "    scan:", theano.function([m], powers[-1])(M))

try:
    if m > 1:
        print("large")
except TypeError as error:
    print("TypeError:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · Pylearn2, 2011: an experiment is a file
#
# Built on Theano by the same lab. A **YAML** file says all: data, model, algorithm. `!obj:` names a class.
#
# * **Made easy**: to repeat an experiment, and to vary it, without touching code.
# * **Made hard**: whatever the classes did not foresee. (And the original imports *whatever the file names*: loading a stranger's file runs a stranger's code. In the homework you write the loader with an allow-list.)
#
# Since November 2015 its page says that it has no developer any more, and recommends Blocks, Keras and Lasagne.

# %% slideshow={"slide_type": "subslide"}
from lifelong.eras import pylearn2

EXPERIMENT = """
!obj:pylearn2.train.Train {
    dataset: !obj:pylearn2.datasets.DenseDesignMatrix { examples: 'crash' },
    model: !obj:pylearn2.models.mlp.MLP {
        nvis: 1,
        layers: [
            !obj:pylearn2.models.mlp.Tanh { layer_name: 'hidden', dim: 12 },  # define
            !obj:pylearn2.models.mlp.Linear { layer_name: 'y', dim: 1 }  # loss
        ]
    },
    algorithm: !obj:pylearn2.training_algorithms.sgd.SGD {  # forward, backward, update
        batch_size: 47, learning_rate: 0.1,
        termination_criterion: !obj:pylearn2.termination_criteria.EpochCounter { max_epochs: 300 }
    }
}
"""

# %% slideshow={"slide_type": "subslide"}
LINE = """
!obj:pylearn2.train.Train {
    dataset: !obj:pylearn2.datasets.DenseDesignMatrix { examples: 'cars' },
    model: !obj:pylearn2.models.mlp.MLP {
        nvis: 1, layers: [ !obj:pylearn2.models.mlp.Linear { layer_name: 'y', dim: 1 } ]
    },
    algorithm: !obj:pylearn2.training_algorithms.sgd.SGD {
        batch_size: 10, learning_rate: 0.1,
        termination_criterion: !obj:pylearn2.termination_criteria.EpochCounter { max_epochs: 20 }
    }
}
"""

# %% slideshow={"slide_type": "-"}
trained = []
for text, problem in ((LINE, line), (EXPERIMENT, net)):
    experiment = pylearn2.load(text)
    experiment.model.set_param_values(problem.start)  # for the same start as everywhere
    experiment.main_loop()  # run
    trained.append(experiment.model.get_param_values())
ledger.enter("Pylearn2", *trained)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Torch7, 2011: tensors and modules, in Lua
#
# The four nouns become packages: **`torch`** (tensors), **`nn`** (modules; the loss is one, too), **`optim`**, **`image`**, **`paths`**; and `cunn`: one word, **`net:cuda()`**, and everything runs on a GPU. (Lua's `net:forward(x)` is
# written `net.forward(x)` below.) The stack is defined before it runs, but nothing in it is symbolic: `forward` computes numbers at once.
#
# * **Made easy**: quick experiments, on a GPU without CUDA; modules from everybody.
# * **Made hard**: nets that are no stack of modules; modules with a `backward` that was never written; and Lua, which had few other libraries.
#
# Since July 2018 the page of torch/torch7 says that it is "not in active development" (*the slide has it end in 2019*): its C libraries went into PyTorch, where you still type `nn.Sequential`.

# %% slideshow={"slide_type": "subslide"}
from lifelong.eras.torch7 import nn as nn7
from lifelong.eras.torch7 import optim as optim7


def stack(problem):
    net7 = nn7.Sequential()
    for number, (W, b) in enumerate(zip(problem.start[::2], problem.start[1::2])):
        if number:
            net7.add(nn7.Tanh())
        layer = nn7.Linear(*W.shape)
        layer.weight[...], layer.bias[...] = W.T, b
        net7.add(layer)  # define
    return net7


def train_torch7(problem):
    net7, criterion = stack(problem), nn7.MSECriterion()
    params, gradParams = net7.parameters()

    def feval(_):
        net7.zeroGradParameters()
        loss = criterion.forward(net7.forward(x), y)  # forward, loss
        net7.backward(x, criterion.backward(net7.output, y))  # backward, by hand: today's loss.backward()
        return loss, gradParams

    for x, y in problem.steps():
        optim7.sgd(feval, params, {"learningRate": problem.rate})  # update
    return [w.T for w in params]


ledger.enter("Torch7", train_torch7(line), train_torch7(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: a backward, worked out on paper
#
# That was the price of a new idea in Torch: a module of your own needs its `backward`. `Square` computes $x^2$, entry by entry. What goes back, if `gradOutput` arrives? For $x=(1,-2,3)$ and (1, 1, 0.5): (2, −4, 3).

# %% slideshow={"slide_type": "-"}
def square_backward(x, gradOutput):
    """The gradient of the loss for x, from that for x squared; arrays of one shape."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [((np.array([1.0, -2.0, 3.0]), np.array([1.0, 1.0, 0.5])), [2, -4, 3])]
try_it(square_backward, cases, [([2, -4, 6], "Times what arrives: gradOutput."), ([1, -2, 1.5], "x² has the slope 2x.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return 2 * x * gradOutput</code></pre></details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · Torchnet, 2016: nobody writes the loop again
#
# An **engine** runs the loop, as the trainer did in 2002; **hooks** are called at its stages (the slide's `onSample` copies each batch to the GPU), **meters** measure, data sets are plugged together. (2016, a workshop at ICML; *the slide says 2015*.)
#
# * **Made easy**: logging, validation, schedules: all the things around the loop.
# * **Made hard**: a loop with another shape. One net, one loss, one sample in, one step out: "train–val–test". A GAN has two nets; a lifelong learner has a stream of tasks.
#
# Its idea lives on in **Ignite** for PyTorch (2017: "inspired by tnt", says its author) and in Keras's callbacks.
#
# <details class="predict"><summary><b>Predict.</b> Five hooks are called before the first step is done: onForward, onSample, onStart, onStartEpoch, onUpdate. In which order?</summary><p>onStart, onStartEpoch, onSample, onForward, onUpdate; then the next onSample. Where would you put "a task is over"? There is no such place: onEndEpoch comes after every epoch, and onEnd once.</p></details>

# %% slideshow={"slide_type": "subslide"}
from lifelong.eras import torchnet as tnt


def train_torchnet(problem):
    samples = tnt.ListDataset(list(zip(problem.x, problem.y)), load=lambda pair: {"input": pair[0], "target": pair[1]})
    iterator = tnt.DatasetIterator(tnt.BatchDataset(samples, problem.batch))
    network, meter, engine = stack(problem), tnt.AverageValueMeter(), tnt.SGDEngine()
    calls = []
    for hook in ("onStart", "onStartEpoch", "onSample", "onForward", "onUpdate", "onEndEpoch", "onEnd"):
        engine.hooks[hook] = lambda state, hook=hook: calls.append(hook)
    engine.hooks["onForwardCriterion"] = lambda state: meter.add(state["loss"])
    engine.train(network, nn7.MSECriterion(), iterator, lr=problem.rate, maxepoch=problem.epochs)
    print("hooks:", " ".join(calls[:6]), "…", calls[-1], f"   mean loss {meter.value():.3f}")
    return [w.T for w in network.parameters()[0]]


ledger.enter("Torchnet", train_torchnet(line), train_torchnet(net))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 9 · Keras, 2015: a line a layer
#
# François Chollet's Keras has no derivatives of its own. It *describes* nets, and Theano (later TensorFlow and CNTK; since version 3 JAX, TensorFlow or PyTorch) computes.
#
# * **Made easy**: everything that everybody does. A first net in ten minutes. How is the functional API more flexible than a container, asks the deck: a layer is handed its predecessor, so any graph can be said, with two inputs, two outputs, a skip connection, one layer used twice. (The replica follows one thread only; the graph is homework.)
# * **Made hard**: everything else: for a loss that looks at the weights, or a step of your own, you climb down a floor.
#
# *Slide bug*: `SGD(lr=0.01)` no longer exists, it is `learning_rate`. Keras 3 answers `Argument(s) not recognized: {'lr': 0.01}`.

# %% slideshow={"slide_type": "-"}
from lifelong.eras import keras

model = keras.Sequential([keras.Dense(1, input_dim=1)])  # the Sequential API
model.compile(optimizer=keras.SGD(learning_rate=line.rate), loss="mean_squared_error")
model.set_weights(line.start)
model.fit(line.x, line.y, batch_size=line.batch, epochs=line.epochs, shuffle=False)

inputs = keras.Input(shape=(1,))  # the functional API
hidden = keras.Dense(12, activation="tanh")(inputs)  # define
functional = keras.Model(inputs, keras.Dense(1)(hidden))
functional.compile(optimizer=keras.SGD(learning_rate=net.rate), loss="mean_squared_error")  # loss
functional.set_weights(net.start)
functional.fit(net.x, net.y, batch_size=net.batch, epochs=net.epochs, shuffle=False)  # forward, backward, update, run

ledger.enter("Keras", model.get_weights(), functional.get_weights())

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 10 · TensorFlow, November 2015: the graph leaves Python
#
# Google had *DistBelief* (2011; Dean et al. 2012), layers on thousands of machines. Its successor has a graph of operations, as Theano has, and runs it *anywhere*: clusters, TPUs, phones. **Placeholders** are fed, **variables** live in a **session**, `session.run` computes what you ask for and nothing else. **TensorBoard** draws it all;
# **Estimators** (2017) hide it all. (*The slide files it under "define by run, 2016"*: it was static, and came in November 2015, as version 0.5; 1.0 is of 11 February 2017. "TensorFlow 1" is the whole line with sessions.)
#
# * **Made easy**: from the laptop to a thousand machines and into a product.
# * **Made hard**: looking inside. `print(loss)` prints a node; an error shows up at `run`, far from the line that made it.
#
# <details class="predict"><summary><b>Predict.</b> The loss needs x and y. At the end somebody asks for it and feeds x only. Which line complains: the one that made the loss, or <code>run</code>? And the run of the weights after it?</summary><p><code>run</code>: the line that made the loss only drew a node. The weights come without any feed, since <code>run</code> computes what it is asked for and nothing else, and they need neither x nor y.</p></details>

# %% slideshow={"slide_type": "subslide"}
import lifelong.eras.tensorflow1 as tf


def train_tensorflow(problem):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float64, [None, 1], name="x")
    y = tf.placeholder(tf.float64, [None, 1], name="y")
    weights = [tf.Variable(w) for w in problem.start]  # define
    output = tf.matmul(x, weights[0]) + weights[1]
    if len(weights) == 4:
        output = tf.matmul(tf.tanh(output), weights[2]) + weights[3]  # forward
    loss = tf.reduce_mean(tf.square(output - y))  # loss
    step = tf.train.GradientDescentOptimizer(problem.rate).minimize(loss)  # backward, update
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for inputs, targets in problem.steps():
            session.run(step, feed_dict={x: inputs, y: targets})  # run
        try:
            session.run(loss, feed_dict={x: inputs})
        except ValueError as error:
            print("without its target:", error)
        return session.run(weights)


ledger.enter("TensorFlow 1", train_tensorflow(line), train_tensorflow(net))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 11 · Two ways to a graph
#
# **Define-then-run** builds the graph first: it can be optimised, sent away, saved – and knows no values. **Define-by-run** writes a tape while the program runs: it knows every value – and is written anew each time. Move
# through the program:

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.static_and_tape()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Autograd, 2015: trace NumPy
#
# Dougal Maclaurin, David Duvenaud and Ryan Adams: arrays go through *your* function in boxes that keep a record. Any Python will do, `while` included. JAX is its heir.

# %% slideshow={"slide_type": "-"}
import lifelong.eras.autograd as autograd


def loss(weights, x, y):
    output = autograd.numpy.dot(x, weights[0]) + weights[1]
    if len(weights) == 4:
        output = autograd.numpy.dot(autograd.numpy.tanh(output), weights[2]) + weights[3]
    return autograd.numpy.mean((output - y) ** 2)


def train_autograd(problem):
    weights, gradient = problem.weights(), autograd.grad(loss)
    for x, y in problem.steps():
        weights = [w - problem.rate * g for w, g in zip(weights, gradient(weights, x, y))]
    return weights


ledger.enter("Autograd", train_autograd(line), train_autograd(net))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Chainer, 2015; DyNet and PyTorch, 2017: define-by-run
#
# Seiya Tokui's **Chainer** says it in three words. **DyNet** (Neubig et al.) builds a graph an example, for trees and sentences. **PyTorch** puts it on Torch's tensors, in Python. Chainer stopped with version 7 in December 2019, when its
# makers moved to PyTorch (*the slide's 6.3 was not the last*).
#
# * **Made easy**: nets whose shape depends on the data; a debugger; `print`.
# * **Made hard**: optimising the whole; running it without Python; batches. Each example has a graph of its own, so nothing can be stacked.
#
# Two answers to that came in 2017. *TensorFlow Fold* (February; Looks et al.) packs trees of many shapes into one static graph: *dynamic batching*. **DyNet** (May; Neubig, Goldberg, Dyer) records the graphs of many examples by run, finds the operations that are alike, and runs them as one: batching *on the fly*, automatically.

# %% slideshow={"slide_type": "subslide"}
from lifelong.eras import chainer
from lifelong.eras.chainer import functions as F
from lifelong.eras.chainer import links as L
from lifelong.eras.chainer import optimizers


class MLP(chainer.Chain):
    def __init__(self, start):
        super().__init__()
        with self.init_scope():
            self.l1 = L.Linear(*start[0].shape, initialW=start[0], initial_bias=start[1])
            if len(start) == 4:
                self.l2 = L.Linear(*start[2].shape, initialW=start[2], initial_bias=start[3])  # define

    def forward(self, x):
        return self.l2(F.tanh(self.l1(x))) if hasattr(self, "l2") else self.l1(x)  # forward


def train_chainer(problem):
    model = MLP(problem.start)
    optimizer = optimizers.SGD(lr=problem.rate).setup(model)
    for x, y in problem.steps():
        loss = F.mean_squared_error(model(x), y)  # loss
        model.cleargrads()
        loss.backward()  # backward
        optimizer.update()  # update
    return [w.data for w in model.params()]


ledger.enter("Chainer", train_chainer(line), train_chainer(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The program that a static graph cannot hold
#
# Double b until it is at least 50. How often? That depends on the data. For the tape it is just a Python loop. The symbol of Theano or TensorFlow 1 has no value to compare.
#
# <details class="predict"><summary><b>Predict.</b> b = x² + x. How often is it doubled for x = 3, how often for x = 2, and what is the slope of the result?</summary><p>12, 24, 48, 96: three times, so 8 · (2x + 1) = 56. And 6, 12, 24, 48, 96: four times, 16 · 5 = 80. The slope is that of the path that was taken.</p></details>

# %% slideshow={"slide_type": "-"}
def doubled(x):
    b = x * x + x
    while b < 50:
        b = b * 2
    return b


for value in (3.0, 2.0):
    x = chainer.Variable(value)
    b = doubled(x)
    b.backward()
    print(f"tape, x = {value:g}: b = {b.data:g}, slope {x.grad:g}")
try:
    doubled(T.dscalar("x"))
except TypeError as error:
    print("graph: TypeError:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The slide's PyTorch net, mended
#
# The slide defines `self.fc` and calls `self.fc1`. One name for both, and it runs. (The TensorFlow MLP beside it has the same kind of slip: its arguments are `_weights` and `_biases`, its last line says `weights` and `biases`.)

# %% slideshow={"slide_type": "-"}
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5)
        self.mp1 = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.mp2 = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(64 * 4 * 4, 10)

    def forward(self, x):
        x = self.mp1(torch.relu(self.conv1(x)))
        x = self.mp2(torch.relu(self.conv2(x)))
        return self.fc(x.view(-1, 64 * 4 * 4))


print(Model()(torch.rand(1, 1, 28, 28)).shape)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### And the LeNet, which is Torch7's
#
# Another slide prints a net in Lua, `net:add(nn.SpatialConvolution(1, 6, 5, 5))` and so on, and cites LeCun et al., 1989. Two pairs of convolution and pooling, then 120 and 84 units: that is the shape of **LeNet-5**, of 1998 (LeCun, Bottou, Bengio,
# Haffner), with ReLU and maxima where 1998 had tanh and averages. The net of 1989 had no pooling layers, strides of 2 and 30 hidden units. Its layers in PyTorch's words, one after the other as on the slide:

# %% slideshow={"slide_type": "-"}
lenet = nn.Sequential(
    *(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
    *(nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU()),
    *(nn.Linear(84, 10), nn.LogSoftmax(dim=1)),
)
print(lenet(torch.rand(1, 1, 32, 32)).shape, f"{sum(p.numel() for p in lenet.parameters()):,} parameters")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 12 · Convergence, 2018–2019
#
# **PyTorch 1.0** (2018) adds graphs to its tape: *trace* a function, or compile it as *script*; Caffe2, made for production, is merged into it. **TensorFlow 2** (2019) makes its graph optional: eager first, a `GradientTape`, and
# `@tf.function` where a graph is wanted; Keras is its front. Both ways in both systems – and the graph's old restriction comes along.
#
# Is industry TensorFlow's and academia PyTorch's, as the deck asks? In 2019, of the papers that name one of them, 69 % at CVPR and more than 75 % at ACL named PyTorch; industry still asked for TensorFlow (He, *The state of machine learning frameworks in 2019*). What was the difference worth, if the cores were the same? Habit, tutorials, the model that one finds ready.
#
# <details class="predict"><summary><b>Predict.</b> PyTorch traces tanh(x² + x): which four operations does the graph have? And what does it make of <code>doubled</code> from above?</summary><p>mul, add, tanh, and the output. <code>doubled</code> cannot be traced: its <code>while</code> asks for a value, and while it is traced there is none. A TraceError, in 2018 as in 2008.</p></details>

# %% slideshow={"slide_type": "-"}
from torch import fx

graph = fx.symbolic_trace(lambda x: torch.tanh(x * x + x))
print("traced:", " → ".join(f"{node.name}" for node in graph.graph.nodes))
try:
    fx.symbolic_trace(doubled)
except fx.proxy.TraceError as error:
    print("TraceError:", error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 13 · ONNX, 2017: take your net along
#
# Facebook and Microsoft agree on a file format: nodes, weights, names. One framework trains, another runs: without Python, on a phone, in a browser.

# %% slideshow={"slide_type": "-"}
import json

from lifelong.eras import onnx


def as_module(weights):
    layers = []
    for W, b in zip(weights[::2], weights[1::2]):
        layer = nn.Linear(*W.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


outputs = []
for problem, weights in ((line, line_weights), (net, net_weights)):
    text = json.dumps(onnx.export(as_module(weights)))  # this text is all that travels
    outputs += onnx.InferenceSession(json.loads(text)).run(None, {"x": problem.x})
print([node["op_type"] for node in json.loads(text)["node"]])
ledger.ran("ONNX", *outputs)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 14 · All eras beside PyTorch
#
# Ten replicas, in ten vocabularies; the same numbers, to the last digits that float64 holds. (For ONNX, which runs nets and does not train, it is the outputs.)

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.agreement(ledger.entries)

# %% slideshow={"slide_type": "skip"}
print(ledger.table())

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The others on the slides
#
# | name | years | what was new | what became of it |
# |---|---|---|---|
# | **CNTK** (Microsoft) | 2015–2019 | graphs over many GPUs and servers | 2.7 was "the last main release" |
# | **MXNet** (Amazon's choice) | 2015–2023 | symbols and imperative code mixed | in the Apache Attic |
# | **Caffe**, **Caffe2** | 2014, 2017–2018 | nets as text files, a Model Zoo; production, phones | Caffe2 merged into PyTorch in May 2018 |
# | **PlaidML** (Vertex.AI, Intel) | 2017–2025 | Keras on any GPU | archived in March 2025 |
# | **Tensor Comprehensions** (Facebook) | 2018–2019 | write a formula, get a tuned CUDA kernel | "not maintained anymore", August 2019 |
# | **ConvNetJS** (A. Karpathy) | 2014–2015 | training in a browser tab | its idea lives in TensorFlow.js |
# | **TensorFlow.js** | 2018– | training and running in JavaScript | alive |
# | **Swift for TensorFlow** | 2018–2021 | derivatives in the compiler | ended on 12 February 2021 |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 15 · "Stuck in a rut"
#
# Paul Barham and Michael Isard (2019) wanted to run *capsules*, an idea of Hinton's, and found that no framework did it well: they all call a few **kernels** that experts tuned by hand, and capsules need one that nobody has. Their
# convolution took 64 ms on one core, 604 ms by PlaidML, 225, 18.3 or 1.8 ms by Tensor Comprehensions – and 1.9 ms in CUDA, after 48 hours of work. So a new idea is slow, loses on the benchmarks, and nobody tunes its kernel.
#
# Their charge has three parts. *Frameworks enable and restrict* what researchers easily try: ideas die because nothing can express them. Code is optimised **function by function**, one convolution in one memory layout, though convolution itself is polymorphic, the same for any number of dimensions; the **system**, end to end, is nobody's job, for all the
# heroic efforts on its parts. And languages and back ends that do not bend are *a real brake on innovative research*, useful as they are to many.
#
# **Frameworks enable and restrict the ideas:**
#
# | if your idea is … | … it was easy in | … and hard in |
# |---|---|---|
# | a new loss, any formula | Theano | Torch (write its `backward`) |
# | a net whose shape depends on the data | Chainer, DyNet, PyTorch | Theano, TensorFlow 1 |
# | a stack of known layers | Keras, Pylearn2 | CUDA |
# | a new kernel | CUDA, Tensor Comprehensions | all the others |
# | no fixed training set, but a stream of tasks | – | every `fit(x, y)` |

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### And lifelong learning?
#
# Most frameworks still think in *train–val–test*: one data set, one loss, one number. **Avalanche** (Lomonaco et al., 2021) has other nouns: *benchmarks* that are streams of experiences, *strategies* that are
# trained on one after the other (EWC, SI, replay …), *metrics* such as forgetting. Built on PyTorch; and there is a trainer with hooks in it, as in Torchnet.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 16 · Around the frameworks

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.timeline(AROUND)

# %% [markdown] slideshow={"slide_type": "subslide"}
# * **Hubs and zoos** – nets that others have trained: Caffe's Model Zoo, modelzoo.co, TensorFlow Hub, Hugging Face, and PyTorch Hub: a model from a repository in a line of code, `torch.hub.load("pytorch/vision", "resnet18", weights="DEFAULT")`. Shared weights are also how results are reproduced.
# * **Tutorials and communities** – *A 60 Minute Blitz*, *What is torch.nn really?*, TensorFlow's pages in Colab "for beginners" and "for experts": who is taught in a framework stays in it. Ease of use is a feature of the same rank as speed.
# * **Data sets** – `torchvision.datasets`: MNIST, CIFAR, ImageNet, COCO …, with one interface, and transforms.
# * **TensorBoard** – curves, graphs, histograms of a run; PyTorch writes for it, too. **Estimators** (2017) trained and evaluated for you; TensorFlow 2.16 removed them.
# * **Mobile and TPU** – TensorFlow Lite, Caffe2, later PyTorch on phones; the heart of Google's first TPU (Jouppi et al., 2017) is a grid of 256 × 256 multipliers, programmed through a graph.
# * **Gyms and simulators** – OpenAI Gym (2016; now Gymnasium) is one interface to many worlds, `state, _ = env.reset()` and then, step by step, `state, reward, ended, cut, _ = env.step(action)`: Atari (ALE, Bellemare et al., 2013), MuJoCo (Todorov et al., 2012), CARLA's streets (Dosovitskiy et al., 2017).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 17 · TensorFlow's basics beside PyTorch's
#
# | | TensorFlow 2 | PyTorch |
# |---|---|---|
# | tensor, dtype | `tf.constant([[1., 2.]], dtype=tf.float32)` | `torch.tensor([[1., 2.]])` |
# | zeros, range | `tf.zeros([2, 3])`, `tf.range(6)` | `torch.zeros(2, 3)`, `torch.arange(6)` |
# | reshape | `tf.reshape(a, [2, 3])` | `a.reshape(2, 3)` |
# | indexing, new axis | `a[:, 1]`, `a[..., tf.newaxis]` | `a[:, 1]`, `a[..., None]` |
# | reductions, named after the parallel algorithm (on a GPU, many values are added in pairs, then the pairs) | `tf.reduce_sum(a, axis=0)`, `tf.reduce_mean(a)` | `a.sum(dim=0)`, `a.mean()` |
# | matrix product, transpose | `t @ tf.transpose(t)` | `t @ t.T` |
# | NumPy: 64 bits there, float32 by default here | `tf.constant(a, dtype=tf.float32)`, `t.numpy()`, `np.square(t)` | `torch.from_numpy(a).float()`, `t.numpy()`, `np.square(t.numpy())` |
# | casts: **none implicit** | `tf.cast(i, tf.float32) + x` | `i + x` (PyTorch promotes) |
# | a variable: other tensors are immutable | `v = tf.Variable(1.)`; `v.assign_add(2.)`; of a matrix `v[1].assign([7., 8.])`, for `v[1] = …` raises | `v = torch.tensor(1., requires_grad=True)`; `with torch.no_grad(): v += 2` |
# | derivative | `with tf.GradientTape() as tape: …` `tape.gradient(y, v)` | `y.backward()`; `v.grad` |
#
# <details class="predict"><summary><b>Predict.</b> a holds int64. What is the type of a + 0.5 in PyTorch, if 0.5 is a float32 tensor? In TensorFlow?</summary><p>float32: PyTorch takes the kind that holds both. TensorFlow refuses, and wants <code>tf.cast</code>: no cast is implicit there.</p></details>

# %% slideshow={"slide_type": "subslide"}
a = torch.arange(6).reshape(2, 3)
print(a.dtype, "|", a[:, 1].tolist(), "|", a[..., None].shape, "|", a.sum(dim=0).tolist(), "|", a.float().mean().item())
print("NumPy's", np.ones(2).dtype, "and", torch.ones(2).dtype, "| t @ t.T =", (a @ a.T).tolist())
print("int64 + float32 →", (a + torch.tensor(0.5)).dtype, "   (TensorFlow raises InvalidArgumentError: cast first)")
v = torch.tensor(1.0, requires_grad=True)
with torch.no_grad():
    v += 2
(v**2).backward()
print("v =", v.item(), "  slope of v²:", v.grad.item())

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A loss of one's own, and a loop with L2
#
# A loss of targets and outputs is handed over: `model.compile(loss=mse_fn)`, and `fit` trains. `compile` never shows it the weights or what a hidden layer says, so for those `fit` must go, and the loop is written out.
#
# The deck's last program: a custom loss plus λ‖W‖², a *loss on the weights*. Remember it: EWC, MAS and SI are this line, with a weight for each weight. In TensorFlow 2 the loop is the same with `tf.GradientTape` and `w.assign_sub(…)`; the
# museum below runs both.

# %% slideshow={"slide_type": "-"}
def custom_loss(output, y, weights, l2):
    return torch.mean(torch.abs(output - y) ** 1.5) + l2 * sum(torch.sum(w**2) for w in weights[::2])


x, y = torch.from_numpy(line.x), torch.from_numpy(line.y)
for l2 in (0.0, 1.0):
    weights = [torch.tensor(w, requires_grad=True) for w in line.weights()]
    for step in range(200):
        gradients = torch.autograd.grad(custom_loss(x @ weights[0] + weights[1], y, weights, l2), weights)
        with torch.no_grad():
            for w, g in zip(weights, gradients):
                w -= 0.1 * g
    print(f"λ = {l2:g}: slope {weights[0].item():.4f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 18 · The slides' errors, in one place
#
# | the slide says | it is | see |
# |---|---|---|
# | `self.fc` defined, `self.fc1` called | one name | section 11 |
# | arguments `_weights` and `_biases`, then `weights` and `biases` | one name each | sections 11, 17 |
# | `tf.matmul` of two (2, 1) matrices | an error, the shapes do not fit; (1, 2) times (2, 1) does | try it: `torch.ones(2, 1) @ torch.ones(2, 1)` |
# | `torch.Tensor(3, 3)`, multiplied and printed | whatever lay in that memory; `torch.rand(3, 3)` | PyTorch's documentation, `torch.empty` |
# | `tf.sum` | `tf.reduce_sum` | section 17 |
# | Keras's `SGD(lr=…, decay=…)` | `SGD(learning_rate=…)`; Keras 3 knows no `decay` | section 9 |
# | a NumPy loop computes M^k | it computes M^(k+1) | section 5 |
# | comments in Lua begin with `#` | with `--` | section 7 |
# | vector addition: `cudaMalloc((void *)&d_a, …)`, and `<<<1,1>>>` with N = 512 | `(void **)`, or it does not compile; and it adds one element only | *cuda_vector_addition* |
# | `penalty`: in the loop `loss = …`, then `loss += loss.sum()` | each parameter wipes out the one before, only the last counts, and it is no number but an array; `loss += (…).sum()` | *hw14*, exercise `penalty` |

# %% [markdown] slideshow={"slide_type": "subslide"}
# **In years and names** (where the slide's year is that of another event, it is named):
#
# | the slide says | it is | see |
# |---|---|---|
# | Theano ended in 2019, and so did Torch7 | announced 28 September 2017, 1.0 on 15 November 2017; "not in active development" since July 2018 | sections 5, 7 |
# | Pylearn2, 2013; Torchnet, 2015; Ignite, 2018 | 2011 (2013 is the paper); 2016; November 2017 | sections 6, 8 |
# | TensorFlow: define by run, 2016 (and Theano beside it) | static graphs, November 2015; eager by default since 2.0, 2019 | section 10 |
# | Chainer's last version is 6.3 | 7, December 2019 (last patch 7.8.1) | section 11 |
# | LeNet cited as of 1989 | the code is LeNet-5's shape, 1998 | section 11 |
# | Rosenblatt 1961, Fukushima 1979, Werbos 1983, Rummelhart | the perceptron: 1958 (1961: the report on all of it, 1962 the book); the Neocognitron: 1980 (1979: in Japanese); Werbos: 1974, for networks 1982; Rumelhart | *Reading: what deep learning is*; *autodiff* |
# | a desktop CPU of 2016: 1 TFLOPS; COCO: more than a million images | 0.5; 328,000 images, 2.5 million objects in them | *cuda_vector_addition*; *Reading: what deep learning is* |
# | "Remanian Walk", "Guardiance weight" | Riemannian walk; the guard's weight, Ω | *lifelong_learning*, section 5 |

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 19 · The museum: the real ones
#
# Replicas can flatter. So here are the same two tasks for the real libraries, in today's spelling. Where a library is installed, its cell runs; elsewhere it shows **what that library printed when we ran this very cell**, with its version, Python's, and the date.
#
# `pip install ".[museum]"` brings those that live beside PyTorch. Instructors: `autograder museum` makes a room for each of the others, too, and runs all. pip has no CNTK for this Python; Caffe2 came inside PyTorch until 2022; Torch7, Pylearn2 and Swift pip never had.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How far the real ones are from PyTorch
#
# Twelve train line and net with their own gradients; ONNX Runtime and `torch.export` run PyTorch's. All start at the same numbers, and take the same batches in the same order.
#
# <details class="predict"><summary><b>Predict.</b> A dozen compilers and interpreters, fifteen years of them. How many agree with PyTorch to 13 digits, for the net after 600 steps? And what of the rest?</summary><p>Nine of fourteen. The others are off by 10<sup>−8</sup> to 10<sup>−6</sup>, and a float32 is to be suspected in each: DyNet has nothing else; TensorFlow 1's and MXNet's optimisers keep the learning rate in it, so 0.1 is 0.10000000149; Keras and PlaidML have some inside.</p></details>

# %% slideshow={"slide_type": "-"}
from lifelong.eras.museum import recordings

figures.agreement({f"{run.name} {run.version}": (run.line, run.net) for run in recordings().values()})

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Theano → PyTensor
#
# PyMC's developers took Theano over (Aesara in 2021, PyTensor since 2022). The derivative of $x^2$, and what the optimiser makes of it:

# %% slideshow={"slide_type": "-"}
# museum: pytensor
if here("pytensor"):
    import pytensor
    import pytensor.printing
    import pytensor.tensor as pt

    def train_pytensor(problem):
        x, y = pt.dmatrix("x"), pt.dmatrix("y")
        weights = [pytensor.shared(w) for w in problem.start]
        output = pt.dot(x, weights[0]) + weights[1]
        if len(weights) == 4:
            output = pt.dot(pt.tanh(output), weights[2]) + weights[3]
        cost = pt.mean((output - y) ** 2)
        updates = [(w, w - problem.rate * slope) for w, slope in zip(weights, pytensor.grad(cost, weights))]
        train = pytensor.function([x, y], cost, updates=updates)
        for batch in problem.steps():
            train(*batch)
        return [w.get_value() for w in weights]

    s = pt.dscalar("x")
    slope = pytensor.function([s], pytensor.grad(s**2, s))
    print("compiled to", pytensor.printing.pp(slope.maker.fgraph.outputs[0]), "which at 3 is", slope(3.0))
    ledger.enter("PyTensor", train_pytensor(line), train_pytensor(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Theano itself, in a room of its own
#
# Theano 1.0.5 (2020) wants a NumPy older than 1.24 and two settings: no BLAS of NumPy's making, no C compiler, whose code no longer fits today's Python.

# %% slideshow={"slide_type": "-"}
# museum: theano, alone with numpy<1.24 theano
if here("theano"):
    import os

    os.environ["THEANO_FLAGS"] = "blas.ldflags=,cxx="
    import theano
    import theano.tensor as T

    def train_real_theano(problem):
        x, y = T.dmatrix("x"), T.dmatrix("y")
        weights = [theano.shared(w) for w in problem.start]
        output = T.dot(x, weights[0]) + weights[1]
        if len(weights) == 4:
            output = T.dot(T.tanh(output), weights[2]) + weights[3]
        cost = T.mean((output - y) ** 2)
        updates = [(w, w - problem.rate * slope) for w, slope in zip(weights, T.grad(cost, weights))]
        train = theano.function([x, y], cost, updates=updates)
        for batch in problem.steps():
            train(*batch)
        return [w.get_value() for w in weights]

    s = T.dscalar("x")
    slope = T.grad(s**2, s)
    print("built:", theano.pp(slope))
    print("compiled:", theano.pp(theano.function([s], slope).maker.fgraph.outputs[0]))
    ledger.enter("Theano (real)", train_real_theano(line), train_real_theano(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Autograd, and its heir JAX

# %% slideshow={"slide_type": "-"}
# museum: autograd
if here("autograd"):
    import autograd.numpy as anp
    from autograd import grad

    def loss_autograd(weights, x, y):
        output = anp.dot(x, weights[0]) + weights[1]
        if len(weights) == 4:
            output = anp.dot(anp.tanh(output), weights[2]) + weights[3]
        return anp.mean((output - y) ** 2)

    def train_real_autograd(problem):
        weights = problem.weights()
        for x, y in problem.steps():
            weights = [w - problem.rate * g for w, g in zip(weights, grad(loss_autograd)(weights, x, y))]
        return weights

    ledger.enter("Autograd (real)", train_real_autograd(line), train_real_autograd(net))

# %% slideshow={"slide_type": "subslide"}
# museum: jax
if here("jax"):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss_jax(weights, x, y):
        output = x @ weights[0] + weights[1]
        if len(weights) == 4:
            output = jnp.tanh(output) @ weights[2] + weights[3]  # forward
        return jnp.mean((output - y) ** 2)  # loss

    def train_jax(problem):
        @jax.jit  # trace once, compile, run: a graph again
        def step(weights, x, y):
            return [w - problem.rate * g for w, g in zip(weights, jax.grad(loss_jax)(weights, x, y))]  # backward, update

        weights = [jnp.array(w) for w in problem.start]  # define
        for x, y in problem.steps():
            weights = step(weights, x, y)  # run
        return [np.asarray(w) for w in weights]

    try:
        jax.jit(lambda x: x if x > 1 else 2 * x)(1.0)
    except jax.errors.TracerBoolConversionError as error:
        print(type(error).__name__ + ": a graph cannot ask for a value")
    ledger.enter("JAX", train_jax(line), train_jax(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### TensorFlow 1's sessions, kept in `compat.v1`

# %% slideshow={"slide_type": "-"}
# museum: tensorflow.compat.v1
if here("tensorflow.compat.v1"):
    import os

    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}  # else it talks on stderr
    import tensorflow

    tf1 = tensorflow.compat.v1

    def train_session(problem):
        with tensorflow.Graph().as_default():
            x = tf1.placeholder(tf1.float64, [None, 1], name="x")
            y = tf1.placeholder(tf1.float64, [None, 1], name="y")
            weights = [tf1.Variable(w) for w in problem.start]
            output = tf1.matmul(x, weights[0]) + weights[1]
            if len(weights) == 4:
                output = tf1.matmul(tf1.tanh(output), weights[2]) + weights[3]
            loss = tf1.reduce_mean(tf1.square(output - y))
            step = tf1.train.GradientDescentOptimizer(problem.rate).minimize(loss)
            with tf1.Session() as session:
                session.run(tf1.global_variables_initializer())
                for inputs, targets in problem.steps():
                    session.run(step, feed_dict={x: inputs, y: targets})
                return session.run(weights)

    print("tf.sum exists:", hasattr(tf1, "sum"))
    ledger.enter("TensorFlow compat.v1", train_session(line), train_session(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### TensorFlow 2: the basics, the tape, the loop with L2

# %% slideshow={"slide_type": "-"}
# museum: tensorflow
if here("tensorflow"):
    import tensorflow as tf2

    a = tf2.reshape(tf2.range(6), [2, 3])
    print(a.dtype.name, a[:, 1].numpy(), a[..., tf2.newaxis].shape, tf2.reduce_sum(a, axis=0).numpy())
    try:
        a + tf2.constant(0.5)
    except (tf2.errors.InvalidArgumentError, TypeError) as error:
        print(type(error).__name__, "| after tf.cast:", (tf2.cast(a, tf2.float32) + 0.5).dtype.name)
    v = tf2.Variable(1.0)
    v.assign_add(2.0)

    def train_tape(problem, l2=0.0):
        weights = [tf2.Variable(w) for w in problem.start]  # define
        for x, y in problem.steps():
            with tf2.GradientTape() as tape:
                output = x @ weights[0] + weights[1]
                if len(weights) == 4:
                    output = tf2.tanh(output) @ weights[2] + weights[3]  # forward
                penalty = sum(tf2.reduce_sum(w**2) for w in weights[::2])
                loss = tf2.reduce_mean((output - y) ** 2) + l2 * penalty  # loss
            for w, slope in zip(weights, tape.gradient(loss, weights)):  # backward
                w.assign_sub(problem.rate * slope)  # update
        return [w.numpy() for w in weights]

    print(f"v = {v.numpy():g}; with λ = 1 the line's slope is {train_tape(line, l2=1.0)[0].item():.4f}")
    ledger.enter("TensorFlow 2", train_tape(line), train_tape(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Keras 3, with PyTorch below it

# %% slideshow={"slide_type": "-"}
# museum: keras
if here("keras"):
    import os

    os.environ["KERAS_BACKEND"] = "torch"
    import keras as keras3

    keras3.backend.set_floatx("float64")

    def train_keras3(problem):
        inputs = keras3.Input(shape=(1,))
        hidden = keras3.layers.Dense(12, activation="tanh")(inputs) if len(problem.start) == 4 else inputs
        model = keras3.Model(inputs, keras3.layers.Dense(1)(hidden))
        model.compile(optimizer=keras3.optimizers.SGD(learning_rate=problem.rate), loss="mean_squared_error")
        model.set_weights(problem.start)
        model.fit(problem.x, problem.y, batch_size=problem.batch, epochs=problem.epochs, shuffle=False, verbose=0)
        return model.get_weights()

    try:
        keras3.optimizers.SGD(lr=0.01)
    except ValueError as error:
        print("SGD(lr=0.01):", error)
    ledger.enter("Keras 3", train_keras3(line), train_keras3(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Torchnet's engine → Ignite

# %% slideshow={"slide_type": "-"}
# museum: ignite
if here("ignite"):
    import torch
    from ignite.engine import Events, create_supervised_trainer
    from torch import nn

    def train_ignite(problem):
        layers = []
        for W, b in zip(problem.start[::2], problem.start[1::2]):
            layer = nn.Linear(*W.shape, dtype=torch.float64)
            layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
            layers += [layer, nn.Tanh()]
        network = nn.Sequential(*layers[:-1])
        engine = create_supervised_trainer(network, torch.optim.SGD(network.parameters(), lr=problem.rate), nn.MSELoss())
        losses = []
        engine.add_event_handler(Events.ITERATION_COMPLETED, lambda engine: losses.append(engine.state.output))
        engine.run([(torch.tensor(x), torch.tensor(y)) for x, y in problem.batches], max_epochs=problem.epochs)
        print(f"{len(losses)} iterations, loss {losses[0]:.3f} → {losses[-1]:.3f}")
        return [w.detach().numpy().T for w in network.parameters()]

    ledger.enter("Ignite", train_ignite(line), train_ignite(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### ONNX: built with onnx, run by ONNX Runtime

# %% slideshow={"slide_type": "-"}
# museum: onnxruntime
if here("onnxruntime", "onnx"):
    import onnxruntime
    from onnx import TensorProto, checker, helper, numpy_helper

    def run_onnx(problem, weights):
        nodes, last = [], "x"
        for number, name in enumerate("Wb" * (len(weights) // 2)):
            if name == "W" and number:
                nodes.append(helper.make_node("Tanh", [last], [f"tanh{number}"]))
                last = f"tanh{number}"
            nodes.append(helper.make_node("MatMul" if name == "W" else "Add", [last, f"{name}{number}"], [f"v{number}"]))
            last = f"v{number}"
        double = TensorProto.DOUBLE
        graph = helper.make_graph(
            nodes,
            "net",
            [helper.make_tensor_value_info("x", double, [None, 1])],
            [helper.make_tensor_value_info(last, double, [None, 1])],
            [numpy_helper.from_array(w, f"{'Wb'[number % 2]}{number}") for number, w in enumerate(weights)],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        checker.check_model(model)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        print([node.op_type for node in nodes], len(model.SerializeToString()), "bytes")
        return session.run(None, {"x": problem.x})[0]

    ledger.ran("ONNX Runtime", run_onnx(line, line_weights), run_onnx(net, net_weights))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Chainer, in a room of its own

# %% slideshow={"slide_type": "-"}
# museum: chainer, alone with numpy<1.24 chainer
if here("chainer"):
    import chainer
    import chainer.functions as F
    import chainer.links as L

    chainer.config.dtype = np.float64

    def train_real_chainer(problem):
        pairs = list(zip(problem.start[::2], problem.start[1::2]))
        layers = [L.Linear(*W.shape, initialW=W.T, initial_bias=b) for W, b in pairs]
        model = chainer.ChainList(*layers)
        optimizer = chainer.optimizers.SGD(lr=problem.rate).setup(model)
        for x, y in problem.steps():
            output = layers[0](x)
            for layer in layers[1:]:
                output = layer(F.tanh(output))
            loss = F.mean_squared_error(output, y)
            model.cleargrads()
            loss.backward()
            optimizer.update()
        return [array for layer in layers for array in (layer.W.array.T, layer.b.array)]

    ledger.enter("Chainer (real)", train_real_chainer(line), train_real_chainer(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### DyNet, in a room of its own
#
# A graph an example: `dy.renew_cg()` throws the last one away. DyNet computes in float32 only, so it agrees to fewer digits.

# %% slideshow={"slide_type": "-"}
# museum: dynet, alone with dynet38
if here("dynet"):
    import dynet as dy

    def train_dynet(problem):
        collection = dy.ParameterCollection()
        weights = [collection.parameters_from_numpy(w.T if w.ndim == 2 else w) for w in problem.start]
        trainer = dy.SimpleSGDTrainer(collection, learning_rate=problem.rate)
        for x, y in problem.steps():
            dy.renew_cg()
            output = dy.affine_transform([weights[1], weights[0], dy.inputTensor(x.T, batched=True)])
            if len(weights) == 4:
                output = dy.affine_transform([weights[3], weights[2], dy.tanh(output)])
            loss = dy.mean_batches(dy.squared_distance(output, dy.inputTensor(y.T, batched=True)))
            loss.backward()
            trainer.update()
        return [w.as_array().T for w in weights]

    ledger.enter("DyNet", train_dynet(line), train_dynet(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### MXNet's Gluon, in a room of its own
#
# Write it define-by-run; one word, `hybridize()`, and a symbolic graph runs in its place. PyTorch 1.0 and TensorFlow 2 came to the same bargain.

# %% slideshow={"slide_type": "-"}
# museum: mxnet, alone with numpy<1.24 mxnet
if here("mxnet"):
    import mxnet
    from mxnet import gluon, nd

    def train_mxnet(problem):
        pairs = list(zip(problem.start[::2], problem.start[1::2]))
        layers = [gluon.nn.Dense(W.shape[1], in_units=W.shape[0], dtype="float64") for W, b in pairs]
        network = gluon.nn.HybridSequential()
        network.add(layers[0], *(part for layer in layers[1:] for part in (gluon.nn.Activation("tanh"), layer)))
        network.initialize()
        for layer, (W, b) in zip(layers, pairs):
            layer.weight.set_data(nd.array(W.T, dtype="float64"))
            layer.bias.set_data(nd.array(b, dtype="float64"))
        network.hybridize()
        trainer = gluon.Trainer(network.collect_params(), "sgd", {"learning_rate": problem.rate})
        for x, y in problem.steps():
            x, y = (nd.array(part, dtype="float64") for part in (x, y))
            with mxnet.autograd.record():
                loss = ((network(x) - y) ** 2).mean()
            loss.backward()
            trainer.step(1)
        return [w.data().asnumpy().T for layer in layers for w in (layer.weight, layer.bias)]

    ledger.enter("MXNet", train_mxnet(line), train_mxnet(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### PlaidML below Keras 2, in a room of its own
#
# Keras 2.2.4 of 2018, where `SGD(lr=…)` was still right, computed by PlaidML's own compiler on the CPU.

# %% slideshow={"slide_type": "-"}
# museum: plaidml, alone with numpy<1.24 plaidml-keras
if here("plaidml"):
    import os

    import collections.abc

    collections.Iterable = collections.abc.Iterable  # it moved in Python 3.3, and was gone in 3.10
    os.environ |= {"PLAIDML_EXPERIMENTAL": "1", "PLAIDML_DEVICE_IDS": "llvm_cpu.0"}
    os.environ["KERAS_BACKEND"] = "plaidml.keras.backend"
    import keras as keras2

    keras2.backend.set_floatx("float64")

    def train_keras2(problem):
        model = keras2.models.Sequential()
        if len(problem.start) == 4:
            model.add(keras2.layers.Dense(12, activation="tanh", input_dim=1))
        model.add(keras2.layers.Dense(1, input_dim=1))
        model.compile(optimizer=keras2.optimizers.SGD(lr=problem.rate), loss="mean_squared_error")
        model.set_weights(problem.start)
        model.fit(problem.x, problem.y, batch_size=problem.batch, epochs=problem.epochs, shuffle=False, verbose=0)
        return model.get_weights()

    ledger.enter("PlaidML (Keras 2)", train_keras2(line), train_keras2(net))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### PyTorch's own graphs, always here

# %% slideshow={"slide_type": "-"}
# museum: torch
if here("torch"):
    import torch
    from torch import nn

    def export_graph(problem, weights):
        layers = []
        for W, b in zip(weights[::2], weights[1::2]):
            layer = nn.Linear(*W.shape, dtype=torch.float64)
            layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
            layers += [layer, nn.Tanh()]
        program = torch.export.export(nn.Sequential(*layers[:-1]), (torch.tensor(problem.x),))
        print([node.name for node in program.graph.nodes if node.op == "call_function"])
        return program.module()(torch.tensor(problem.x)).detach().numpy()

    ledger.ran("torch.export", export_graph(line, line_weights), export_graph(net, net_weights))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 20 · Five lines in ten eras
#
# One training step of the small net, the same five lines in each era, as the cells above have marked them. Behind a dashed line code only draws, until *run* starts it; a line with several names does all of that. Below: who builds the graph, who computes the gradients, when code runs, what is written by hand. **Bold**: new in this era.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
from lifelong.plots.five_lines import five_lines

five_lines(In, "graph", FRAMEWORKS)

# %% slideshow={"slide_type": "subslide"} jupyter={"source_hidden": true}
five_lines(In, "tape", FRAMEWORKS)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 21 · What to take home
#
# * **2002** parts with fixed plugs; **2008** formulas, differentiated for you; **2011** tensors on a GPU; **2015** one line a layer, or one graph for a thousand machines, or a tape; **2019** everybody has both.
# * A graph that is built first can be optimised and shipped, and knows no values. A tape knows values, and is gone after each step.
# * Each floor hides the one below. You gain speed of thought, and lose what cannot be said there.
# * All of them compute the same numbers. What differs is **what you think of trying**.
#
# **In the homework** you write the hearts of them: the bagging trainer, the simplifier, `scan`, the engine, the loader, the session, the tape with a loop, a net with a skip connection in and out of ONNX.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>"Go on until the loss is below 0.01." In which of Theano, TensorFlow 1, Chainer can that be a plain <code>while</code> inside what is differentiated?</summary><p>Chainer: its tape is written while the program runs, and knows the loss. The two others need a node of the graph that loops, <code>scan</code> or <code>tf.while_loop</code>.</p></details>
#
# <details><summary><code>print(loss)</code> shows a name and a shape, and no number. What has happened, and what do you do?</summary><p>The graph is only drawn: loss is a node. Run it: <code>session.run(loss, feed_dict=…)</code>, or in Theano <code>theano.function</code>.</p></details>
#
# <details><summary>EWC adds a sum over the <i>weights</i> to the loss. Why is <code>compile(loss=…)</code> and <code>fit</code> the wrong floor for it?</summary><p>Such a loss is given targets and outputs, not weights, and <code>fit</code> has no event "a task is over". Climb down to a loop of your own, with a tape.</p></details>
#
# **Stretch.** Momentum in three eras: today's PyTorch, Theano's `updates`, TensorFlow 1's variables. Train the line with each, and see that they agree to the last digits.
