# %% mistakes of="bare"
# ~ self.values = {} => self.values, self.known = {}, {}
# ~ known = dict(feed_dict or {}) => known, fed = self.known, feed_dict or {}
# ~ if tensor not in known: => if tensor not in known and tensor not in fed:
# ~ return known[tensor] => return fed[tensor] if tensor in fed else known[tensor]  # remembered-for-ever
# -                 return type(fetch)(nested(each) for each in fetch)
# +                 return type(fetch)(nested(each) for each in fetch)
# +             known.clear()
# +             known.update(feed_dict or {})  # each-fetch-anew
# -             if tensor not in known:
# -                 known[tensor] = found(tensor)
# -             return known[tensor]
# +             return known[tensor] if tensor in known else found(tensor)  # computed-for-every-use
# ~ return type(fetch)(nested(each) for each in fetch) => return [nested(each) for each in fetch]  # tuples-as-lists
# ~ return self.values[tensor.inputs[0]] => return None  # assign-is-none
# ~ if tensor not in known: => if known.get(tensor) is None:  # none-again
# ~ if tensor not in known: => if not known.get(tensor) and tensor not in (feed_dict or {}):  # nought-again
# -         def value(tensor):
# +         def value(tensor):
# +             if feed_dict and tensor in feed_dict:
# +                 list(map(value, tensor.inputs))  # needs-of-what-is-fed
# +         def fed(tensor):
# +             for each in tensor.inputs[tensor.op == "assign" :]:
# +                 fed(each)
# +             if tensor.op == "placeholder" and tensor not in known:
# +                 found(tensor)
# + 
# +         def value(tensor):
# +             fed(tensor)  # fed-looked-for-late
# +         def value(tensor):
# +             if feed_dict and tensor in feed_dict and tensor.op == "compute":
# +                 found(tensor)  # fed-but-computed
# -         known = dict(feed_dict or {})
# +         known = {tensor: fed for tensor, fed in (feed_dict or {}).items() if tensor.op == "placeholder"}  # only-placeholders-fed
# ~ nested(fetches) => [nested(fetches)] if isinstance(fetches, Tensor) else nested(fetches)  # always-a-list
# ~ dict(feed_dict or {}) => {tensor: fed for tensor, fed in (feed_dict or {}).items() if fed}  # nought-is-not-fed
# ~ dict(feed_dict or {}) => {tensor: fed for tensor, fed in (feed_dict or {}).items() if fed is not None}  # none-is-not-fed
# ~ dict(feed_dict or {}) => {}  # fed-but-refused
# ~ = value(tensor.inputs[1]) => = [value(each) for each in tensor.inputs][1]  # assign-reads-the-old-value
# ~ {key: nested(each) => {key: value(each)
# ~ (nested(each) for each in fetch) => (value(each) for each in fetch)  # one-level-only
# ~ if tensor not in self.values => if tensor.name not in self.values
# ~ return self.values[tensor] => return self.values[tensor.name]
# ~ self.values[tensor.inputs[0]] = => self.values[tensor.inputs[0]] = self.values[tensor.inputs[0].name] =  # variables-by-name
# ~ known = dict( => self.values = {}; known = dict(  # variables-forgotten
# ~ known = dict(feed_dict or {}) => known = dict(feed_dict or {}); self.values |= {each: fed for each, fed in known.items() if each.op == "variable"}  # fed-variable-stays
# -     def __init__(self):
# -         self.values = {}
# +     values = {}  # one-set-of-variables

# %% style="a plan first, then one loop"
class Session:
    def __init__(self):
        self.variables = {}

    def run(self, fetches, feed_dict=None):
        feed = {} if feed_dict is None else feed_dict
        plan = []

        def schedule(tensor):
            if tensor in feed or tensor in plan:
                return
            if tensor.op == "placeholder":
                raise ValueError("placeholder without a value: " + tensor.name)
            if tensor.op == "variable" and tensor not in self.variables:
                raise ValueError("variable without a value: " + tensor.name)
            for each in tensor.inputs[1:] if tensor.op == "assign" else tensor.inputs:
                schedule(each)
            plan.append(tensor)

        def leaves(form):
            if isinstance(form, Tensor):
                yield form
            else:
                for each in form.values() if isinstance(form, dict) else form:
                    yield from leaves(each)

        for tensor in leaves(fetches):
            schedule(tensor)
        values = {**feed}
        for tensor in plan:
            if tensor.op == "variable":
                values[tensor] = self.variables[tensor]
            elif tensor.op == "assign":
                values[tensor] = self.variables[tensor.inputs[0]] = values[tensor.inputs[1]]
            else:
                values[tensor] = tensor.function(*[values[each] for each in tensor.inputs])

        def fill(form):
            if isinstance(form, Tensor):
                return values[form]
            if isinstance(form, dict):
                return {key: fill(each) for key, each in form.items()}
            return tuple(map(fill, form)) if isinstance(form, tuple) else [fill(each) for each in form]

        return fill(fetches)

# %% style="memory by id, methods by op"
class Session:
    def __init__(self):
        self.store = {}

    def run(self, fetches, feed_dict=None):
        self.memory = {id(tensor): value for tensor, value in (feed_dict or {}).items()}
        return self.form(fetches)

    def form(self, fetch):
        if type(fetch) is dict:
            return dict(zip(fetch, self.form(list(fetch.values()))))
        if type(fetch) in (list, tuple):
            return type(fetch)([self.form(each) for each in fetch])
        return self.value(fetch)

    def value(self, tensor):
        if id(tensor) not in self.memory:
            self.memory[id(tensor)] = getattr(self, tensor.op)(tensor)
        return self.memory[id(tensor)]

    def placeholder(self, tensor):
        raise ValueError(f"feed {tensor.name}")

    def variable(self, tensor):
        try:
            return self.store[id(tensor)]
        except KeyError:
            raise ValueError(f"{tensor.name} has no value yet") from None

    def assign(self, tensor):
        target, new = tensor.inputs
        self.store[id(target)] = value = self.value(new)
        return value

    def compute(self, tensor):
        return tensor.function(*map(self.value, tensor.inputs))

# %% nothing="zero"
class Session:
    def run(self, fetches, feed_dict=None):
        return 0

# %% nothings of="zero"
# ~ return 0 => return fetches                           # the fetches
# ~ return 0 => return list((feed_dict or {}).values())  # what was fed
# ~ return 0 => raise ValueError('no')                   # always an error
