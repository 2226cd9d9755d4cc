# %% styles of="ewc/absolute-gradient"
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()  # loop over examples, autograd.grad
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):
# ...
# -                 (F.cross_entropy(f, y.reshape(1))).backward()
# +                 ((f ** 2).sum()).backward()
# ...
# -                         omega[n] += p.grad ** 2
# +                         omega[n] += p.grad.abs()  # backward, zero_grad, gradients put back of="ewc/backward, zero_grad, gradients put back"
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()
# ~ p.grad ** 2 => p.grad.abs()  # a copy of the model of="ewc/a copy of the model"
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()
# ~ gradients[n] ** 2 => gradients[n].abs()  # torch.func.vmap of="ewc/torch.func.vmap"
# ~ EWC => MAS
# ~ delta = (torch.softmax(values, 1) - F.one_hot(labels, values.shape[1])) => delta = 2 * values
# ~ (delta**2).T @ a**2 => delta.abs().T @ a.abs()
# ~ delta ** 2 => delta.abs()    # closed form for Linear layers of="ewc/closed form for Linear layers"
# ~ EWC => MAS
# ~ F.cross_entropy(f, labels, reduction="sum") => f.pow(2).sum()
# ~ value ** 2 => value.abs()    # forward hooks and output gradients of="ewc/forward hooks and output gradients"

# %% mistakes of="absolute-batch-mean"
# ~ EWC => MAS
# ~ F.cross_entropy(f, labels) => (f ** 2).sum(dim=1).mean()
# ~ g ** 2 => g.abs()  # absolute-batch-mean of="ewc/squared-batch-mean"
# -             number += 1
# +             number += len(inputs)  # absolute-batch-mean
# +             number += 1
# +             break       # first-only
# ~ (f ** 2).sum(dim=1).mean => f.pow(2).sum  # absolute-batch-sum
# ~ (f ** 2).sum(dim=1).mean => f.norm        # norm-of-the-batch

# %% mistakes of="absolute-batch-mean 2"
# ~ g.abs() => (g.abs()) * len(inputs)  # absolute-batch-mean
# ~ (f ** 2).sum(dim=1).mean => f.pow(2).sum  # absolute-batch-mean
# ~ EWC => MAS
# ~ F.cross_entropy(f, labels) => (f ** 2).sum(dim=1).mean()
# ~ p.grad.data ** 2 => p.grad.data.abs()  # absolute-batch-mean of="ewc/squared-batch-mean 4"
# ~ EWC => MAS
# ~ F.cross_entropy(f, labels, reduction="sum") => f.pow(2).sum()
# ~ (t / count) ** 2 => (t / count).abs()  # absolute-mean-gradient of="ewc/squared-mean-gradient"
# ~ (t / count).abs() => t.abs() / count  # absolute-mean-gradient of="absolute-mean-gradient"

# %% mistakes of="loop over examples, autograd.grad"
# ~ value / count for name => value for name  # sum
# -                 count += 1
# +             count += 1  # divided-by-batches
# +                 count += 1
# +             break       # first-only
# ~ += g => = g        # last-only
# ~ g.abs() => g ** 2  # squared-gradient
# ~ g.abs() => g       # signed-gradient
# ~ g.abs => -g.abs    # negated
# -         model.eval()
# +                        # training-mode
# +         model.train()  # training-mode
# -         model.train(was_training)
# +                        # left-in-eval
# +         model.train()  # left-in-train
# ~ EWC => MAS
# ~ F.cross_entropy => lambda f, y: (f ** 2).sum()
# ~ g ** 2 => g.abs()  # first-chunk of="ewc/first-chunk"
# ~ torch.zeros_like(p) => torch.zeros(p.shape)  # single-precision
# ~ (f ** 2).sum => f.norm                              # norm-not-squared
# ~ (f ** 2).sum => f.abs().sum                         # outputs-absolute
# ~ (f ** 2).sum() => 0.5 * (f ** 2).sum()              # halved
# ~ sum => mean                                         # mean-over-outputs
# ~ (f ** 2).sum => f.sum                               # outputs-not-squared
# ~ f ** 2 => torch.softmax(f, dim=1) ** 2              # softmax-outputs
# ~ f ** 2 => torch.log_softmax(f, dim=1) ** 2          # log-softmax-outputs
# ~ (f ** 2).sum() => F.cross_entropy(f, y.reshape(1))  # uses-labels
# ~ (f ** 2).sum => f.max                               # largest-output
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()
# ~ p.grad ** 2 => p.grad.abs()  # never-zeroed of="ewc/never-zeroed"
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()
# ~ p.grad ** 2 => p.grad.abs()  # gradients-cleared of="ewc/gradients-cleared"
# ~ EWC => MAS
# ~ F.cross_entropy(f, labels) => (f ** 2).sum(dim=1).mean()
# ~ p.grad ** 2 => p.grad.abs()  # never-zeroed of="ewc/never-zeroed 2"
# ~ += g => = g                       # last-only of="sum"
# ~ g.abs() => g.abs() / len(inputs)  # mean-of-batch-means of="divided-by-batches"
# ~ += g => = g
# ~ value / number for name => value for name  # last-only of="absolute-batch-mean"
# -         model.zero_grad()
# +   # gradients-left-behind of="gradients-cleared"
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()
# ~ g ** 2 => g.abs()  # accumulates of="ewc/accumulates"
# ~ EWC => MAS
# ~ F.cross_entropy(f, y.reshape(1)) => (f ** 2).sum()
# ~ g ** 2 => g.abs()  # last-only of="ewc/last-only 4"
# -         omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         if not self.total:
# +             self.total.update({n: torch.zeros_like(p) for n, p in model.named_parameters()})
# +         omega = self.total
# ...
# -         self.total = {n: self.total.get(n, 0) + value / count for n, value in omega.items()}
# -         return dict(self.total)
# +         return {name: value / count for name, value in omega.items()}  # accumulates of="accumulates"
# -                 loss = (f ** 2).sum()
# -                 for name, g in zip(names, torch.autograd.grad(loss, parameters, allow_unused=True)):
# -                     if g is not None:
# -                         omega[name] += g.abs()
# +                 for square in f[0] ** 2:
# +                     for name, g in zip(names, torch.autograd.grad(square, parameters, allow_unused=True, retain_graph=True)):
# +                         if g is not None:
# +                             omega[name] += g.abs()  # modulus-per-output

# %% nothings of="the parameters themselves"
# ~ EWC => MAS  # the parameters themselves of="ewc/the parameters themselves"
# ~ {n: p for n, p in model.named_parameters()} => self.fisher  # an error
# ~ n: p => n: torch.zeros_like(p)                              # zeros
# ~ n: p => n: torch.ones_like(p)                               # ones
# ~ n: p => n: torch.full_like(p, float("nan"))                 # NaN
# ~ {n: p for n, p in model.named_parameters()} => None         # None
# ~ {n: p for n, p in model.named_parameters()} => {}           # an empty dict
# ~ n: p => n: torch.rand_like(p)                               # random numbers
# ~ n: p => n: p.detach() ** 2                                  # squared weights
# ~ n: p => n: 1.0                                              # numbers for tensors
# ~ {n: p for n, p in model.named_parameters()} => [torch.zeros_like(p) for p in model.parameters()]  # a list
# -         return {name: value / count for name, value in omega.items()}
# +         return {name: -value / count for name, value in omega.items()}  # negated of="loop over examples, autograd.grad"
# +         return {name: value.T / count if value.ndim == 2 else value.flip(0) / count for name, value in omega.items()}  # transposed of="loop over examples, autograd.grad"
