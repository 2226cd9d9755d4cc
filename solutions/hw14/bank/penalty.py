# %% styles of="bare"
# - 
#       def __init__(self):
# ...
# -         self.omega = {}  # Ω by parameter name, summed over the finished tasks
# -         self.anchor = {}  # θ* by parameter name
# +         self.omega = {}
# +         self.anchor = {}
# ...
# ~ NotImplementedError("QuadraticPenalty has no importance of its own") => NotImplementedError
# ...
# -         for name, importance in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + importance
# +         for name, value in self.importance(model, batches).items():
# +             self.omega[name] = self.omega.get(name, 0) + value
#           self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
#   
# -     def quadratic(self):
# -         return self.omega, self.anchor
# + 
# +   # a loop that adds up
# -         total = next(model.parameters()).new_zeros(())
# -         for name, parameter in model.named_parameters():
# -             if name in self.omega:
# -                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
# -         return total
# +         return sum(
# +             (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
# +             torch.tensor(0.0),
# +         )  # a generator and sum() of="a loop that adds up"

# %% styles of="a generator and sum()"
# + import copy
# + 
# + 
#   class QuadraticPenalty(Method):
# ...
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         importance = self.importance(model, batches)
# +         if not self.omega:
# +             self.omega = importance
# +         else:
# +             for name in importance:
# +                 self.omega[name] += importance[name]
# +         self.anchor = {name: value.detach() for name, value in copy.deepcopy(model).named_parameters()}  # in-place accumulation, copy.deepcopy of="a loop that adds up"
# + from torch.nn.utils import parameters_to_vector
# + 
# + 
#   class QuadraticPenalty(Method):
# ...
# -         return sum(
# -             (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
# -             torch.tensor(0.0),
# -         )
# +         if not self.anchor:
# +             return torch.zeros(())
# +         theta = parameters_to_vector(model.parameters())
# +         centre = torch.cat([self.anchor[n].reshape(-1) for n, _ in model.named_parameters()])
# +         weights = torch.cat([self.omega[n].reshape(-1) for n, _ in model.named_parameters()])
# +         return weights @ (theta - centre).square()  # one flat vector
# ~ from torch.nn.utils import parameters_to_vector => import copy
# ...
# -             return torch.zeros(())
# -         theta = parameters_to_vector(model.parameters())
# -         centre = torch.cat([self.anchor[n].reshape(-1) for n, _ in model.named_parameters()])
# -         weights = torch.cat([self.omega[n].reshape(-1) for n, _ in model.named_parameters()])
# -         return weights @ (theta - centre).square()
# +             return 0.0 * sum(p.sum() for p in model.parameters())
# +         return torch.stack(
# +             [torch.vdot(self.omega[n].flatten(), ((p - self.anchor[n]) ** 2).flatten()) for n, p in model.named_parameters()]
# +         ).sum()
# ...
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         new = self.importance(model, batches)
# +         self.omega = {n: self.omega[n] + new[n] if n in self.omega else new[n].clone() for n in new}
# +         self.anchor = copy.deepcopy(model.state_dict())  # state_dict for the anchor, vdot of="one flat vector"
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         new = self.importance(model, batches)
# +         with torch.no_grad():
# +             for name, parameter in model.named_parameters():
# +                 if name not in self.omega:
# +                     self.omega[name] = torch.zeros_like(parameter)
# +                 self.omega[name].add_(new[name])
# +                 self.anchor[name] = parameter.clone()  # no_grad and copies in a loop of="a loop that adds up"

# %% style="a custom autograd function" of="a loop that adds up"
# + class Quadratic(torch.autograd.Function):
# +     @staticmethod
# +     def forward(ctx, parameter, weight, centre):
# +         ctx.save_for_backward(parameter, weight, centre)
# +         return (weight * (parameter - centre) ** 2).sum()
# + 
# +     @staticmethod
# +     def backward(ctx, upstream):
# +         parameter, weight, centre = ctx.saved_tensors
# +         return upstream * 2 * weight * (parameter - centre), None, None
# + 
# + 
#   class QuadraticPenalty(Method):
# ...
# -         total = next(model.parameters()).new_zeros(())
# -         for name, parameter in model.named_parameters():
# -             if name in self.omega:
# -                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
# +         total = torch.zeros(1).squeeze()
# +         for name, centre in self.anchor.items():
# +             total = total + Quadratic.apply(model.get_parameter(name), self.omega[name], centre)

# %% mistakes of="a loop that adds up"
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# +         self.omega = self.importance(model, batches)  # importance-overwritten
# +         importance = self.importance(model, batches)
# +         if not self.omega:
# +             self.omega = importance                   # importance-of-first-task
# -         return total
# +         return 0.5 * total                                         # halved
# +         return self.strength * total                               # strength-included
# +         return -total                                              # negated
# +         return 0 * total                                           # always-zero
# +         return total / sum(p.numel() for p in model.parameters())  # mean-over-everything
# +                 return total
# +         return total                                               # first-tensor-only
# -                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
# +                 total = total + (self.omega[name] / 2 * (parameter - self.anchor[name]) ** 2).sum()  # halved
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).mean()  # mean-per-tensor
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name]).abs()).sum()  # not-squared
# +                 total = total + (self.omega[name] * (parameter - self.anchor[name])).sum()        # neither-squared-nor-absolute
# +                 total = total + ((self.omega[name] * (parameter - self.anchor[name])) ** 2).sum()  # importance-squared
# +                 total = total + ((parameter - self.anchor[name]) ** 2).sum()                      # importance-ignored
# +                 total = (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()           # last-tensor-only
# +                 total = total + (self.omega[name] * parameter**2).sum()                           # anchor-zero
# +                 total = total + (self.omega[name] * (parameter.detach() - self.anchor[name]) ** 2).sum()  # detached
# ~ name in self.omega => name in self.omega and "bias" not in name  # weights-only
# -             self.omega[name] = self.omega.get(name, 0) + value
# +             self.omega[name] = value                                                            # importance-overwritten
# +             self.omega[name] = (self.omega[name] + value) / 2 if name in self.omega else value  # importance-running-average
# +             self.omega[name] = 2 * self.omega.get(name, 0) + value                              # old-importance-doubled
# +             self.omega[name] = self.omega.get(name, 0) + value**2                               # importance-squared
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         self.anchor = {name: parameter for name, parameter in model.named_parameters()}           # anchor-aliased
# +         self.anchor = {name: parameter.detach() for name, parameter in model.named_parameters()}  # anchor-aliased
# +         self.anchor = {name: parameter.data for name, parameter in model.named_parameters()}      # anchor-aliased
# +         self.anchor = model.state_dict()                                                          # anchor-aliased
# +         if not self.anchor:
# +             self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}  # anchor-never-updated
# +         self.anchor = {name: parameter.clone() for name, parameter in model.named_parameters()}   # anchor-in-graph
# -         for name, parameter in model.named_parameters():
# -             if name in self.omega:
# -                 total = total + (self.omega[name] * (parameter - self.anchor[name]) ** 2).sum()
# +         for parameter, value, centre in zip(model.parameters(), self.omega.values(), self.anchor.values()):
# +             total = total + (value * (parameter - centre) ** 2).sum()  # paired-by-order
# -         self.omega = self.importance(model, batches)
# +         sums = getattr(self, "sums", [])
# +         new = self.importance(model, batches)
# +         self.omega = {name: value + sum(old[name] for old in sums) for name, value in new.items()}
# +         self.sums = [*sums, self.omega]  # sums-summed-again of="importance-overwritten"

# %% mistakes of="a loop that adds up"
# +     @torch.no_grad()
#       def consolidate(self, model, batches):
# -         self.omega = self.importance(model, batches)
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         new = self.importance(model, batches)
# +         for name, parameter in model.named_parameters():
# +             if name not in self.omega:
# +                 self.omega[name] = torch.zeros_like(parameter)
# +             self.omega[name].add_(new[name])
# +             self.anchor[name] = parameter.clone()  # importance-without-gradients of="importance-overwritten"
# +         self.tasks = getattr(self, "tasks", 0) + 1
#           for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# +             old = self.omega.get(name, 0)
# +             self.omega[name] = old + (value - old) / self.tasks  # importance-averaged
# +         self.tasks = getattr(self, "tasks", 0) + 1
#           for name, value in self.importance(model, batches).items():
# ...
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         for name, parameter in model.named_parameters():
# +             old = self.anchor.get(name, torch.zeros_like(parameter))
# +             self.anchor[name] = (old + (parameter - old) / self.tasks).detach()  # anchor-averaged
# + import copy
# + 
# + 
#   class QuadraticPenalty(Method):
# ...
# +         self.anchor = dict(copy.deepcopy(model).named_parameters())  # anchor-requires-grad

# %% nothings of="a generator and sum()"
# -         return sum(
# -             (torch.sum(self.omega[n] * (p - self.anchor[n]).pow(2)) for n, p in model.named_parameters() if n in self.omega),
# -             torch.tensor(0.0),
# -         )
# +         return 0.0
# ...
# -         for name, value in self.importance(model, batches).items():
# -             self.omega[name] = self.omega.get(name, 0) + value
# -         self.anchor = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
# +         pass  # Python zero and nothing kept
# -         return 0.0
# +         return torch.zeros(())
# ...
# -         pass
# +         self.omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         self.anchor = {n: torch.zeros_like(p) for n, p in model.named_parameters()}  # zeros of="Python zero and nothing kept"
# +         return torch.tensor(1.0)
# ...
# +         self.omega = {n: torch.ones_like(p) for n, p in model.named_parameters()}
# +         self.anchor = {n: torch.ones_like(p) for n, p in model.named_parameters()}  # a constant of="Python zero and nothing kept"
# +         return torch.tensor(float("nan"))
# ...
# +         self.omega = {n: p.detach() * float("nan") for n, p in model.named_parameters()}
# +         self.anchor = {n: p.detach() * float("nan") for n, p in model.named_parameters()}  # NaN of="Python zero and nothing kept"
# ~ 0.0 => None
# ~ pass => return None  # None of="Python zero and nothing kept"
# +         return sum((p.T - p.T).sum() for p in model.parameters())
# ...
# +         self.omega = {n: v.T for n, v in self.importance(model, batches).items()}
# +         self.anchor = {n: p.detach().clone().T for n, p in model.named_parameters()}  # transposed of="Python zero and nothing kept"
# ~ torch.zeros(()) => sum(p.sum() for p in model.parameters())  # sum of all parameters of="zeros"
# ~ + value => - value
# ~ parameter.detach => -parameter.detach  # negated of="negated"

# %% nothing="an empty class"
class QuadraticPenalty(Method):
    pass
