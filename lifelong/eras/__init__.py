"""Twenty years of frameworks in NumPy: each era's own words, in a hundred lines.

One module an era, named after the original and used as the original was: ``torch2002``, ``theano``, ``pylearn2``,
``torch7``, ``torchnet``, ``autograd``, ``tensorflow1``, ``chainer``, ``keras``, ``onnx``. What several of them share
is in ``graph`` (built first, run later) and ``tape`` (written down while running); ``problem`` is what all of them
are given to do.
"""
