# %% mistakes of="bare"
# ~ 2016 => 2015                                    # torchnet-of-the-slide
# ~ 2015, "Torchnet" => 2016, "Torchnet"            # tensorflow-of-the-slide
# ~ "end of Theano": 2017 => "end of Theano": 2019  # theano-of-the-slide
# ~ 2017, "ONNX" => 2016, "ONNX"                    # pytorch-alpha
# ~ 2010 => 2008  # theano-begun
# ~ "by run": "Chainer" => "by run": "TensorFlow"  # define-by-run-by-tensorflow
# ~ "Theano", "text" => "TensorFlow", "text"  # compiler-by-tensorflow
# ~ "Autograd" => "Theano"                    # numpy-by-theano

# %% style="from lists"
def years():
    names = ["Torch", "Theano", "Torch7", "Pylearn2", "Keras", "Chainer", "TensorFlow", "Torchnet", "DyNet", "PyTorch"]
    names += ["ONNX", "end of Theano", "TensorFlow 2.0", "last Chainer"]
    return dict(zip(names, [2002, 2010, 2011, 2013, 2015, 2015, 2015, 2016, 2017, 2017, 2017, 2017, 2019, 2019]))


def introduced():
    ideas = "bagging,compiler,text,sequential,numpy,by run,session,batching,exchange".split(",")
    return dict(zip(ideas, "Torch Theano Pylearn2 Keras Autograd Chainer TensorFlow DyNet ONNX".split()))

# %% style="with remarks of one's own" of="bare"
# ~ "TensorFlow 2.0" => "my birthday": 2003, "TensorFlow 2.0"

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
