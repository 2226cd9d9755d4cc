# %% styles of="ewc/absolute-gradient"
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):
# ...
# -                 loss = F.cross_entropy(f, y.reshape(1))
# +                 loss = (f ** 2).sum()  # loop over examples, autograd.grad
# + class MAS(QuadraticPenalty):
# ...
# -                 (F.cross_entropy(f, y.reshape(1))).backward()
# +                 ((f ** 2).sum()).backward()
# ...
# -                         omega[n] += p.grad ** 2
# +                         omega[n] += p.grad.abs()  # backward, zero_grad, gradients put back of="ewc/backward, zero_grad, gradients put back"
# + class MAS(QuadraticPenalty):
# ...
# +                 ((f ** 2).sum()).backward()
#                   for n, p in twin.named_parameters():
# -                     total[n] += 0 if p.grad is None else p.grad ** 2
# +                     total[n] += 0 if p.grad is None else p.grad.abs()  # a copy of the model of="ewc/a copy of the model"
# + class MAS(QuadraticPenalty):
# ...
# -             return F.cross_entropy(f, y.reshape(1))
# +             return (f ** 2).sum()
# ...
# -                     answer[n] += (gradients[n] ** 2).sum(0)
# +                     answer[n] += (gradients[n].abs()).sum(0)  # torch.func.vmap of="ewc/torch.func.vmap"
# + class MAS(QuadraticPenalty):
# ...
# -                 delta = (torch.softmax(values, 1) - F.one_hot(labels, values.shape[1]))
# +                 delta = 2 * values
# ...
# -                             omega[n + ".weight"] += (delta**2).T @ a**2
# +                             omega[n + ".weight"] += delta.abs().T @ a.abs()
#                           if m.bias is not None and m.bias.requires_grad:
# -                             omega[n + ".bias"] += (delta ** 2).sum(0)
# +                             omega[n + ".bias"] += (delta.abs()).sum(0)  # closed form for Linear layers of="ewc/closed form for Linear layers"
# + class MAS(QuadraticPenalty):
# ...
# -                 loss = F.cross_entropy(f, labels, reduction="sum")
# +                 loss = f.pow(2).sum()
# ...
# -                             omega[f"{n}.{kind}"] += (value ** 2).sum(0)
# +                             omega[f"{n}.{kind}"] += (value.abs()).sum(0)  # forward hooks and output gradients of="ewc/forward hooks and output gradients"

# %% mistakes of="absolute-batch-mean"
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):
# ...
# -             loss = F.cross_entropy(f, labels)
# +             loss = (f ** 2).sum(dim=1).mean()
# ...
# -                     omega[name] += g ** 2
# +                     omega[name] += g.abs()  # absolute-batch-mean of="ewc/squared-batch-mean"
# -             number += 1
# +             number += len(inputs)  # absolute-batch-mean
# +             number += 1
# +             break                  # first-only
# -             loss = (f ** 2).sum(dim=1).mean()
# +             loss = f.pow(2).sum()  # absolute-batch-sum
# +             loss = f.norm()        # norm-of-the-batch

# %% mistakes of="absolute-batch-mean 2"
# -                     omega[name] += g.abs()
# +                     omega[name] += (g.abs()) * len(inputs)  # absolute-batch-mean
# -             loss = (f ** 2).sum(dim=1).mean()
# +             loss = f.pow(2).sum()  # absolute-batch-mean
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):
# ...
# -             loss = F.cross_entropy(f, labels)
# +             loss = (f ** 2).sum(dim=1).mean()
# ...
# -                     precision[n].data += p.grad.data ** 2 / number
# +                     precision[n].data += p.grad.data.abs() / number  # absolute-batch-mean of="ewc/squared-batch-mean 4"
# + class MAS(QuadraticPenalty):
# ...
# -             for n, g in zip(learnable, torch.autograd.grad(F.cross_entropy(f, labels, reduction="sum"), list(learnable.values()), allow_unused=True)):
# +             for n, g in zip(learnable, torch.autograd.grad(f.pow(2).sum(), list(learnable.values()), allow_unused=True)):
# ...
# -         return {n: (t / count) ** 2 for n, t in total.items()}
# +         return {n: (t / count).abs() for n, t in total.items()}  # absolute-mean-gradient of="ewc/squared-mean-gradient"
# -         return {n: (t / count).abs() for n, t in total.items()}
# +         return {n: t.abs() / count for n, t in total.items()}  # absolute-mean-gradient of="absolute-mean-gradient"

# %% mistakes of="loop over examples, autograd.grad"
# -         return {name: value / count for name, value in omega.items()}
# +         return {name: value for name, value in omega.items()}  # sum
# -                 count += 1
# +             count += 1  # divided-by-batches
# +                 count += 1
# +             break       # first-only
# -                         omega[name] += g.abs()
# +                         omega[name] = g.abs()    # last-only
# +                         omega[name] += g ** 2    # squared-gradient
# +                         omega[name] += g         # signed-gradient
# +                         omega[name] += -g.abs()  # negated
# -         model.eval()
# +                        # training-mode
# +         model.train()  # training-mode
# -         model.train(was_training)
# +                        # left-in-eval
# +         model.train()  # left-in-train
# -         omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         omega = {n: torch.zeros_like(p) for n, p in zip(names, parameters)}     # learnable-only
# +         omega = {n: torch.zeros(p.shape) for n, p in model.named_parameters()}  # single-precision
# -                 loss = (f ** 2).sum()
# +                 loss = f.norm()                                  # norm-not-squared
# +                 loss = 0.5 * (f ** 2).sum()                      # halved
# +                 loss = (f ** 2).mean()                           # mean-over-outputs
# +                 loss = f.sum()                                   # outputs-not-squared
# +                 loss = (torch.softmax(f, dim=1) ** 2).sum()      # softmax-outputs
# +                 loss = (torch.log_softmax(f, dim=1) ** 2).sum()  # log-softmax-outputs
# +                 loss = F.cross_entropy(f, y.reshape(1))          # uses-labels
# +                 loss = f.max()                                   # largest-output
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):
# ...
# -                 (F.cross_entropy(f, y.reshape(1))).backward()
# +                 ((f ** 2).sum()).backward()
# ...
# -                         omega[n] += p.grad ** 2
# +                         omega[n] += p.grad.abs()  # never-zeroed of="ewc/never-zeroed"
# + class MAS(QuadraticPenalty):
# ...
# +                 ((f ** 2).sum()).backward()
# ...
# +                         omega[n] += p.grad.abs()  # gradients-cleared of="ewc/gradients-cleared"
# + class MAS(QuadraticPenalty):
# ...
# -             (F.cross_entropy(f, labels)).backward()
# +             ((f ** 2).sum(dim=1).mean()).backward()
# ...
# -                     omega[n] += p.grad ** 2
# +                     omega[n] += p.grad.abs()  # never-zeroed of="ewc/never-zeroed 2"
# -                         omega[name] += g.abs()
# +                         omega[name] = g.abs()  # last-only of="sum"
# +                         omega[name] += g.abs() / len(inputs)  # mean-of-batch-means of="divided-by-batches"
# -                     omega[name] += g.abs()
# +                     omega[name] = g.abs()
# ...
# -         return {name: value / number for name, value in omega.items()}
# +         return {name: value for name, value in omega.items()}  # last-only of="absolute-batch-mean"
# -         model.zero_grad()
# +   # gradients-left-behind of="gradients-cleared"
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):
# ...
# -                 loss = F.cross_entropy(f, y.reshape(1))
# +                 loss = (f ** 2).sum()
# ...
# -                         omega[name] += g ** 2
# +                         omega[name] += g.abs()  # accumulates of="ewc/accumulates"
# + class MAS(QuadraticPenalty):
# ...
# -                 for (n, _), g in zip(learnable, torch.autograd.grad(F.cross_entropy(f, y.reshape(1)), [p for _, p in learnable], allow_unused=True)):
# +                 for (n, _), g in zip(learnable, torch.autograd.grad((f ** 2).sum(), [p for _, p in learnable], allow_unused=True)):
#                       if g is not None:
# -                         omega[n] += g ** 2 / len(inputs)
# +                         omega[n] += g.abs() / len(inputs)  # last-only of="ewc/last-only 4"
# -         omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         if not self.total:
# +             self.total.update({n: torch.zeros_like(p) for n, p in model.named_parameters()})
# +         omega = self.total
# ...
# -         self.total = {n: self.total.get(n, 0) + value / count for n, value in omega.items()}
# -         return dict(self.total)
# +         return {name: value / count for name, value in omega.items()}  # accumulates of="accumulates"
# +         omega = {}
# ...
# -                         omega[name] += g.abs()
# +                         omega[name] = omega.get(name, 0) + g.abs()  # used-only
# -                 loss = (f ** 2).sum()
# -                 for name, g in zip(names, torch.autograd.grad(loss, parameters, allow_unused=True)):
# -                     if g is not None:
# -                         omega[name] += g.abs()
# +                 for square in f[0] ** 2:
# +                     for name, g in zip(names, torch.autograd.grad(square, parameters, allow_unused=True, retain_graph=True)):
# +                         if g is not None:
# +                             omega[name] += g.abs()  # modulus-per-output

# %% nothings of="the parameters themselves"
# - class EWC(QuadraticPenalty):
# + class MAS(QuadraticPenalty):  # the parameters themselves of="ewc/the parameters themselves"
# -         return {n: p for n, p in model.named_parameters()}
# +         return self.fisher                                                                 # an error
# +         return {n: torch.zeros_like(p) for n, p in model.named_parameters()}               # zeros
# +         return {n: torch.ones_like(p) for n, p in model.named_parameters()}                # ones
# +         return {n: torch.full_like(p, float("nan")) for n, p in model.named_parameters()}  # NaN
# +         return None                                                                        # None
# +         return {}                                                                          # an empty dict
# +         return {n: torch.rand_like(p) for n, p in model.named_parameters()}                # random numbers
# +         return {n: p.detach() ** 2 for n, p in model.named_parameters()}                   # squared weights
# +         return {n: 1.0 for n, p in model.named_parameters()}                               # numbers for tensors
# +         return [torch.zeros_like(p) for p in model.parameters()]                           # a list
# -         return {name: value / count for name, value in omega.items()}
# +         return {name: -value / count for name, value in omega.items()}  # negated of="loop over examples, autograd.grad"
# +         return {name: value.T / count if value.ndim == 2 else value.flip(0) / count for name, value in omega.items()}  # transposed of="loop over examples, autograd.grad"
