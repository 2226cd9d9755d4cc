"""Who came when, ended when, brought what, from whom: each year with the paper or page that says so.

A dagger (†) in a source marks what could not be looked up and stands there from memory.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One name of the story.

    Attributes:
        name: as its makers write it.
        first: year of the first public release, or of the paper if that came first.
        ended: year after which its makers added nothing more, or None.
        brought: what was new, or newly easy.
        parents: names of entries that it took over ideas or code from.
        source: where first and ended are said.
    """

    name: str
    first: int
    ended: int | None
    brought: str
    parents: tuple[str, ...]
    source: str


FRAMEWORKS = (
    Entry(
        "Torch 1–3",
        2002,
        2004,
        "C++: data set, machine, measurer, trainer",
        (),
        "R. Collobert, S. Bengio, J. Mariéthoz, IDIAP-RR 02-46, 2002; the third and last in C++: 2004 †",
    ),
    Entry(
        "Theano",
        2008,
        2017,
        "formulas: grad as a graph, optimised, CPU or GPU",
        (),
        "J. Bergstra et al., SciPy 2010; first and end: Y. Bengio on theano-users, 28 September 2017 (after “almost ten years”)",
    ),
    Entry(
        "Torch7",
        2011,
        2017,
        "Lua: tensors, nn modules, optim, :cuda()",
        ("Torch 1–3",),
        "R. Collobert, K. Kavukcuoglu, C. Farabet, BigLearn 2011; end: README of torch/torch7",
    ),
    Entry(
        "Pylearn2",
        2011,
        2015,
        "an experiment is a YAML file",
        ("Theano",),
        "README of lisa-lab/pylearn2; I. Goodfellow et al., arXiv:1308.4214, 2013; end: README, November 2015",
    ),
    Entry(
        "Caffe",
        2014,
        2017,
        "vision nets as text files, a Model Zoo",
        (),
        "Y. Jia et al., arXiv:1408.5093, 2014; last release 1.0, 2017 †",
    ),
    Entry(
        "Autograd",
        2015,
        None,
        "grad(f) of plain NumPy code",
        (),
        "D. Maclaurin, D. Duvenaud, R. Adams, AutoML workshop at ICML 2015",
    ),
    Entry(
        "Keras",
        2015,
        None,
        "a line a layer; others compute for it",
        ("Theano", "Torch7"),
        "F. Chollet, keras.io, 2015; version 3 (JAX, TensorFlow, PyTorch): 2023",
    ),
    Entry(
        "CNTK",
        2015,
        2019,
        "graphs over many GPUs and servers",
        (),
        "README of microsoft/CNTK (“since April 2015”); end: release notes of 2.7, 2019 (“the last main release”)",
    ),
    Entry(
        "Chainer",
        2015,
        2019,
        "define-by-run: the trace is the graph",
        (),
        "S. Tokui et al., NIPS workshop 2015; end: Preferred Networks, December 2019 (v7 is the last)",
    ),
    Entry(
        "TensorFlow 1",
        2015,
        2019,
        "graphs on clusters, phones, TPUs; TensorBoard",
        ("Theano",),
        "M. Abadi et al., white paper, November 2015, and OSDI 2016; succeeded by 2.0 in September 2019 †",
    ),
    Entry(
        "MXNet",
        2015,
        2023,
        "symbols and imperative code mixed",
        (),
        "T. Chen et al., arXiv:1512.01274, 2015; end: Apache Attic, 2023",
    ),
    Entry(
        "Torchnet",
        2016,
        2017,
        "the training loop as an engine with hooks",
        ("Torch7",),
        "R. Collobert, L. van der Maaten, A. Joulin, ICML workshop 2016; end: pytorch/ignite, issue 13, November 2017 (“not being actively developed”)",
    ),
    Entry(
        "DyNet",
        2017,
        2020,
        "a graph an example, in C++; for language",
        (),
        "G. Neubig et al., arXiv:1701.03980, 2017; last release 2.1.2, 2020 †; “supported anymore?”, clab/dynet, issue 1664, 2023",
    ),
    Entry(
        "PyTorch",
        2017,
        None,
        "define-by-run on Torch's tensors, in Python",
        ("Torch7", "Chainer", "Autograd"),
        "A. Paszke et al., NIPS workshop 2017 and NeurIPS 2019; alphas since late 2016, announced in January 2017 †",
    ),
    Entry(
        "Caffe2",
        2017,
        2018,
        "nets in production and on phones",
        ("Caffe",),
        "caffe2.ai, April 2017; merged into PyTorch: caffe2.ai/blog, 2 May 2018",
    ),
    Entry(
        "PyTorch 1.0",
        2018,
        None,
        "trace or script a graph from eager code",
        ("PyTorch", "Caffe2"),
        "“The road to 1.0”, pytorch.org, 2 May 2018; released in December 2018 †",
    ),
    Entry(
        "JAX",
        2018,
        None,
        "grad, jit, vmap of pure functions",
        ("Autograd",),
        "R. Frostig, M. Johnson, C. Leary, SysML 2018",
    ),
    Entry(
        "TensorFlow 2",
        2019,
        None,
        "eager first, tf.function for the graph, Keras inside",
        ("TensorFlow 1", "Keras"),
        "A. Agrawal et al., “TensorFlow Eager”, SysML 2019; 2.0 in September 2019 †",
    ),
)
"""What computes and differentiates."""

AROUND = (
    Entry(
        "ConvNetJS",
        2014,
        2014,
        "training in a browser tab",
        (),
        "A. Karpathy, cs.stanford.edu/people/karpathy/convnetjs, 2014 †",
    ),
    Entry(
        "TensorBoard", 2015, None, "curves and graphs of a run", (), "TensorFlow white paper, November 2015, section 9"
    ),
    Entry(
        "OpenAI Gym",
        2016,
        2022,
        "one interface to all environments",
        (),
        "G. Brockman et al., arXiv:1606.01540, 2016; end: README of openai/gym (2022 †); continued as Gymnasium, M. Towers et al., arXiv:2407.17032",
    ),
    Entry(
        "tf.estimator",
        2017,
        2024,
        "train and evaluate without a session",
        ("TensorFlow 1",),
        "H.-T. Cheng et al., KDD 2017; removed: release notes of TensorFlow 2.16 (2024 †)",
    ),
    Entry(
        "ONNX",
        2017,
        None,
        "a net as a file that others can run",
        (),
        "Facebook and Microsoft, September 2017, onnx.ai; CNTK reads and writes it since October 2017 (its README)",
    ),
    Entry(
        "PlaidML",
        2017,
        2025,
        "Keras on any GPU, kernels made to measure",
        ("Keras",),
        "Vertex.AI, October 2017 (Intel's since 2018); repository archived on 29 March 2025",
    ),
    Entry(
        "Ignite",
        2017,
        None,
        "Torchnet's engine for PyTorch",
        ("Torchnet", "PyTorch"),
        "pytorch/ignite, issue 13, November 2017 (“inspired by tnt”)",
    ),
    Entry(
        "Tensor Compr.",
        2018,
        2019,
        "write a formula, get a tuned CUDA kernel",
        (),
        "N. Vasilache et al., arXiv:1802.04730, 2018; end: facebookresearch/TensorComprehensions, issue 619, August 2019",
    ),
    Entry(
        "TensorFlow.js",
        2018,
        None,
        "training and running in JavaScript",
        ("TensorFlow 1", "ConvNetJS"),
        "D. Smilkov et al., SysML 2019 (arXiv:1901.05350); released in March 2018 †",
    ),
    Entry(
        "Swift for TF",
        2018,
        2021,
        "derivatives in the compiler",
        ("TensorFlow 1",),
        "tensorflow/swift, April 2018; archived: issue 609, 12 February 2021",
    ),
    Entry("TensorFlow Hub", 2018, None, "trained parts to build upon", (), "tensorflow/hub, 2018 †"),
    Entry(
        "HF transformers",
        2018,
        None,
        "one interface to all language models",
        ("PyTorch",),
        "T. Wolf et al., EMNLP 2020 (arXiv:1910.03771); first as pytorch-pretrained-bert, 2018 †",
    ),
    Entry(
        "PyTorch Hub",
        2019,
        None,
        "a model from a repository in a line",
        ("PyTorch",),
        "pytorch.org/blog, “Towards Reproducible Research with PyTorch Hub”, 2019 †",
    ),
    Entry(
        "Avalanche",
        2021,
        None,
        "lifelong learning: streams, strategies, metrics",
        ("PyTorch 1.0",),
        "V. Lomonaco et al., CVPR workshop 2021 (arXiv:2104.00405)",
    ),
)
"""What stands on them or beside them."""

TIMELINE = FRAMEWORKS + AROUND
