# %% style="one flat vector"
from torch.nn.utils import parameters_to_vector


class SI(QuadraticPenalty):
    damping = 0.1

    def begin_task(self, model):
        self.names = [n for n, _ in model.named_parameters()]
        self.theta0 = parameters_to_vector(model.parameters()).detach().clone()
        self.w = torch.zeros_like(self.theta0)

    def observe(self, gradients, steps):
        g = torch.cat([gradients[n].reshape(-1) for n in self.names])
        d = torch.cat([steps[n].reshape(-1) for n in self.names])
        self.w.addcmul_(g, d, value=-1)

    def importance(self, model, batches):
        theta = parameters_to_vector(model.parameters()).detach()
        flat = torch.relu(self.w) / ((theta - self.theta0) ** 2 + self.damping)
        pieces = flat.split([p.numel() for p in model.parameters()])
        return {n: piece.view_as(p).clone() for piece, (n, p) in zip(pieces, model.named_parameters())}

# %% style="everything kept, added up at the end"
class SI(QuadraticPenalty):
    def __init__(self):
        super().__init__()
        self.damping = 0.1

    def begin_task(self, model):
        self.history = []
        self.old = [p.data.clone() for p in model.parameters()]

    def observe(self, gradients, steps):
        self.history.append({n: (gradients[n].clone(), steps[n].clone()) for n in gradients})

    def importance(self, model, batches):
        answer = {}
        with torch.no_grad():
            for old, (n, p) in zip(self.old, model.named_parameters()):
                products = torch.stack([step[n][0] * step[n][1] for step in self.history])
                quotient = -products.sum(0) / ((p - old).square() + self.damping)
                answer[n] = torch.where(quotient > 0, quotient, torch.zeros_like(quotient))
        return answer

# %% style="the inherited consolidate"
class SI(QuadraticPenalty):
    damping = 0.1

    def begin_task(self, model):
        self.start = {n: p.detach().clone() for n, p in model.named_parameters()}
        self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}

    def observe(self, gradients, steps):
        for n, g in gradients.items():
            self.path[n] -= g * steps[n]

    def importance(self, model, batches):
        result = {}
        for n, p in model.named_parameters():
            moved = p.detach() - self.start[n]
            result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
        return result

# %% styles of="the inherited consolidate"
# + import numpy as np
# + 
# + 
#   class SI(QuadraticPenalty):
# ...
# ~ p.detach().clone => p.detach().numpy().copy
# ~ torch => np
# ~ for n, g in gradients.items(): => for n in self.path:
# ~ g * steps[n] => gradients[n].numpy() * steps[n].numpy()
# ...
# -             moved = p.detach() - self.start[n]
# -             result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             moved = p.detach().numpy() - self.start[n]
# +             result[n] = torch.from_numpy(np.maximum(self.path[n], 0) / (moved**2 + self.damping)).to(p.dtype)  # NumPy
# -         self.start = {n: p.detach().clone() for n, p in model.named_parameters()}
# -         self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}
# +         if not hasattr(self, "path"):
# +             self.start = {n: p.detach().clone() for n, p in model.named_parameters()}
# +             self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}
# ...
# ~ self.path[n] -= g * steps[n] => self.path[n].sub_(g * steps[n])
# ...
# -             result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             result[n] = torch.nn.functional.relu(self.path[n]) / (moved * moved + self.damping)
# +             self.path[n].zero_()
# +             self.start[n] = p.detach().clone()  # state moves on in importance
#           return result
# + 
# +     def consolidate(self, model, batches):
# +         for n, new in self.importance(model, batches).items():
# +             self.omega[n] = self.omega[n] + new if n in self.omega else new
# +             self.path[n] = torch.zeros_like(new)
# +         self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}  # consolidate of its own

# %% mistakes of="the inherited consolidate"
# ~ self.path = {n: torch.zeros_like(p) for n, p in self.start.items()} => self.history = []
# ...
# -         for n, g in gradients.items():
# -             self.path[n] -= g * steps[n]
# +         self.history.append((dict(gradients), dict(steps)))
# ...
# +             path = -sum(g[n] * d[n] for g, d in self.history)
#               moved = p.detach() - self.start[n]
# -             result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             result[n] = path.clamp(min=0) / (moved**2 + self.damping)  # tensors-not-copied
# ~ g * steps[n] => g.mul_(steps[n])                                                           # arguments-changed
# ~ -= g => = -g                                                                               # last-step-only
# ~ self.path[n] -= g * steps[n] => self.path[n] += (-g * steps[n]).clamp(min=0)               # clamp-each-step
# ~ self.path[n] -= g * steps[n] => self.path[n] = (self.path[n] - g * steps[n]).clamp(min=0)  # clamp-as-it-runs
# ~ self.path[n] -= g * steps[n] => self.path[n] += (g * steps[n]).abs()                       # absolute-steps
# ~ -= g => += g                                                                               # wrong-sign
# ~ self.path[n] -= g * steps[n] => self.path[n].sub(g * steps[n])                             # nothing-gathered
# ~ self.path[n] -= g * steps[n] => self.path[n] += 1e-4 * g**2                                # gradient-for-step
# ~ self.path[n] -= g * steps[n] => self.path[n] += g**2                                       # gradient-squared
# ~ self.damping => 0.1                                             # damping-fixed
# ~ self.damping => 1e-3                                            # damping-fixed
# ~ self.path[n].clamp(min=0) => self.path[n]                       # no-clamp
# ~ self.path[n].clamp(min=0) => self.path[n].abs()                 # absolute-path
# ~ moved**2 => moved.abs()                                         # displacement-not-squared
# ~ (moved**2 + self.damping) => (moved.abs() + self.damping) ** 2  # damping-squared
# ~ (moved**2 + self.damping) => (moved + self.damping) ** 2        # damping-squared
# ~ self.damping => self.damping**2                                 # damping-its-square
# ~ (moved**2 + self.damping) => moved**2                           # damping-left-out
# ~ (moved**2 + self.damping) => moved**2 + self.damping            # damping-outside
# ~ = self.path => = self.omega.get(n, 0) + self.path               # added-twice
# -             moved = p.detach() - self.start[n]
# -             result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             result[n] = self.path[n].clamp(min=0)  # not-normalised
# -         self.start = {n: p.detach().clone() for n, p in model.named_parameters()}
# +         self.start = {n: p.detach() for n, p in model.named_parameters()}              # start-not-copied
# +         if not hasattr(self, "start"):
# +             self.start = {n: p.detach().clone() for n, p in model.named_parameters()}  # start-not-updated

# %% mistakes of="the inherited consolidate"
# -         self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}
# +         self.path = None
# ...
# +         if self.path is None:
# +             self.path = {n: torch.zeros_like(g) for n, g in gradients.items()}
# +             return
#           for n, g in gradients.items():
# +   # first-step-lost
# +         if not hasattr(self, "path"):
# +             self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}  # path-not-reset
#           self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}
# +         self.before = None
# ...
# -             self.path[n] -= g * steps[n]
# +             if self.before is not None:
# +                 self.path[n] -= g * self.before[n]
# +         self.before = {n: d.clone() for n, d in steps.items()}  # step-before
# +         self.pending = None
# ...
# -         for n, g in gradients.items():
# -             self.path[n] -= g * steps[n]
# +         if self.pending is not None:
# +             for n, product in self.pending.items():
# +                 self.path[n] -= product
# +         self.pending = {n: g * steps[n] for n, g in gradients.items()}  # last-step-lost
# +         self.squares = {n: torch.zeros_like(p) for n, p in self.start.items()}
# ...
#               self.path[n] -= g * steps[n]
# +             self.squares[n] += steps[n] ** 2
# ...
# -             result[n] = self.path[n].clamp(min=0)
# +             result[n] = self.path[n].clamp(min=0) / (self.squares[n] + self.damping)  # squared-steps-summed of="not-normalised"

# %% mistakes of="total-gradient"
# +         self.model = model
#           self.start = {n: p.detach().clone() for n, p in model.named_parameters()}
# ...
# -         for n, g in gradients.items():
# -             self.path[n] -= g * steps[n]
# +         for n, p in self.model.named_parameters():
# +             total = gradients[n]
# +             if n in self.omega:
# +                 total = total + 2 * self.strength * self.omega[n] * (p.detach() - self.anchor[n])
# +             self.path[n] -= total * steps[n]  # total-gradient of="the inherited consolidate"
# -             total = gradients[n]
# +             total = gradients[n].clone()
#               if n in self.omega:
# -                 total = total + 2 * self.strength * self.omega[n] * (p.detach() - self.anchor[n])
# +                 before = p.detach() - steps[n]
# +                 total += self.strength * self.omega[n] * 2 * (before - self.anchor[n])  # total-gradient
# ~ g * steps[n] => g * steps[n] / (steps[n] ** 2 + self.damping)  # normalised-each-step of="not-normalised"
# ~ self.path[n] -= g * steps[n] => self.path[n] += g
# ~ self.path[n].clamp => (-self.path[n] * moved).clamp            # ends-product of="the inherited consolidate"
#               self.path[n] -= g * steps[n]
# +         self.last = {n: d.clone() for n, d in steps.items()}
# ...
# ~ p.detach() - self.start[n] => self.last[n]  # last-step-displacement of="the inherited consolidate"
# -         for n, new in self.importance(model, batches).items():
# -             self.omega[n] = self.omega[n] + new if n in self.omega else new
# -             self.path[n] = torch.zeros_like(new)
# +         self.omega = self.importance(model, batches)  # overwritten of="consolidate of its own"

# %% mistake="shared-by-objects"
class SI(QuadraticPenalty):
    damping, start, path = 0.1, {}, {}

    def begin_task(self, model):
        for n, p in model.named_parameters():
            self.start[n], self.path[n] = p.detach().clone(), torch.zeros_like(p)

    def observe(self, gradients, steps):
        for n in gradients:
            self.path[n] -= gradients[n] * steps[n]

    def importance(self, model, batches):
        moved = {n: p.detach() - self.start[n] for n, p in model.named_parameters()}
        return {n: w.clamp(min=0) / (moved[n] ** 2 + self.damping) for n, w in self.path.items()}

# %% mistake="mean-over-steps" of="the inherited consolidate"
# +         self.count = 0
#   
#       def observe(self, gradients, steps):
# +         self.count += 1
# ...
# ~ self.path[n].clamp => (self.path[n] / self.count).clamp

# %% nothing="nothing written"
class SI(QuadraticPenalty):
    damping = 0.1

# %% nothing="ones" of="nothing written"
#       damping = 0.1
# + 
# +     def importance(self, model, batches):
# +         return {n: torch.ones_like(p) for n, p in model.named_parameters()}

# %% mistakes of="the inherited consolidate"
# -         self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}
# +         if hasattr(self, "path"):
# +             for each in self.path.values():
# +                 each.zero_()
# +         else:
# +             self.path = {n: torch.zeros_like(p) for n, p in self.start.items()}
# ...
# -             result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             result[n] = self.path[n].clamp_(min=0).div_(moved**2 + self.damping)
#           return result
# +   # result-reused

# %% nothing="zeros" of="ones"
# +     def begin_task(self, model):
# +         pass
# + 
# +     def observe(self, gradients, steps):
# +         pass
# + 
#       def importance(self, model, batches):
# -         return {n: torch.ones_like(p) for n, p in model.named_parameters()}
# +         return {n: torch.zeros_like(p) for n, p in model.named_parameters()}

# %% nothing="NaN" of="^"
# +         return {n: torch.full_like(p, float("nan")) for n, p in model.named_parameters()}

# %% nothings of="the inherited consolidate"
# -             result[n] = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             result[n] = -self.path[n].clamp(min=0) / (moved**2 + self.damping)  # negated
# +             value = self.path[n].clamp(min=0) / (moved**2 + self.damping)
# +             result[n] = value.T if value.dim() == 2 else value                  # transposed
