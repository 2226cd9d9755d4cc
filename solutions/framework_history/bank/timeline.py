# %% mistakes of="bare"
# -         "TensorFlow": 2015, "Torchnet": 2016, "DyNet": 2017, "PyTorch": 2017, "ONNX": 2017, "end of Theano": 2017,
# +         "TensorFlow": 2015, "Torchnet": 2015, "DyNet": 2017, "PyTorch": 2017, "ONNX": 2017, "end of Theano": 2017,  # torchnet-of-the-slide
# +         "TensorFlow": 2016, "Torchnet": 2016, "DyNet": 2017, "PyTorch": 2017, "ONNX": 2017, "end of Theano": 2017,  # tensorflow-of-the-slide
# +         "TensorFlow": 2015, "Torchnet": 2016, "DyNet": 2017, "PyTorch": 2017, "ONNX": 2017, "end of Theano": 2019,  # theano-of-the-slide
# +         "TensorFlow": 2015, "Torchnet": 2016, "DyNet": 2017, "PyTorch": 2016, "ONNX": 2017, "end of Theano": 2017,  # pytorch-alpha
# -         "Torch": 2002, "Theano": 2010, "Torch7": 2011, "Pylearn2": 2013, "Keras": 2015, "Chainer": 2015,
# +         "Torch": 2002, "Theano": 2008, "Torch7": 2011, "Pylearn2": 2013, "Keras": 2015, "Chainer": 2015,  # theano-begun
# -         "by run": "Chainer", "session": "TensorFlow", "batching": "DyNet", "exchange": "ONNX",
# +         "by run": "TensorFlow", "session": "TensorFlow", "batching": "DyNet", "exchange": "ONNX",  # define-by-run-by-tensorflow
# -         "bagging": "Torch", "compiler": "Theano", "text": "Pylearn2", "sequential": "Keras", "numpy": "Autograd",
# +         "bagging": "Torch", "compiler": "TensorFlow", "text": "Pylearn2", "sequential": "Keras", "numpy": "Autograd",  # compiler-by-tensorflow
# +         "bagging": "Torch", "compiler": "Theano", "text": "Pylearn2", "sequential": "Keras", "numpy": "Theano",  # numpy-by-theano

# %% style="from lists"
def years():
    names = ["Torch", "Theano", "Torch7", "Pylearn2", "Keras", "Chainer", "TensorFlow", "Torchnet", "DyNet", "PyTorch"]
    names += ["ONNX", "end of Theano", "TensorFlow 2.0", "last Chainer"]
    return dict(zip(names, [2002, 2010, 2011, 2013, 2015, 2015, 2015, 2016, 2017, 2017, 2017, 2017, 2019, 2019]))


def introduced():
    ideas = "bagging,compiler,text,sequential,numpy,by run,session,batching,exchange".split(",")
    return dict(zip(ideas, "Torch Theano Pylearn2 Keras Autograd Chainer TensorFlow DyNet ONNX".split()))

# %% style="with remarks of one's own" of="bare"
# -         "TensorFlow 2.0": 2019, "last Chainer": 2019,
# +         "my birthday": 2003, "TensorFlow 2.0": 2019, "last Chainer": 2019,

# %% nothing="empty"
def years():
    return {}


def introduced():
    return {}

# %% nothing="2015 and Torch for all"
def years():
    names = "Torch,Theano,Torch7,Pylearn2,Keras,Chainer,TensorFlow,Torchnet,DyNet,PyTorch,ONNX,end of Theano,TensorFlow 2.0,last Chainer"
    return {name: 2015 for name in names.split(",")}


def introduced():
    ideas = "bagging,compiler,text,sequential,numpy,by run,session,batching,exchange".split(",")
    return {idea: "Torch" for idea in ideas}

# %% nothing="lists of all answers"
def years():
    return {name: list(range(2000, 2027)) for name in ["Torch", "Theano", "Torch7", "Pylearn2"]}


def introduced():
    return {"bagging": ["Torch", "Theano"], "compiler": ["Theano", "Torch"], "text": "any", "sequential": True}
