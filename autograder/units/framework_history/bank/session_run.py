# %% mistake="remembered-for-ever"
class Session:

    def __init__(self):
        self.values, self.known = {}, {}

    def run(self, fetches, feed_dict=None):
        known = self.known
        feed = feed_dict or {}

        def value(tensor):
            if tensor in feed:
                return feed[tensor]
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return nested(fetches)

# %% mistake="each-fetch-anew"
class Session:

    def __init__(self):
        self.values = {}

    def run(self, fetches, feed_dict=None):
        known = dict(feed_dict or {})

        def value(tensor):
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            known.clear()
            known.update(feed_dict or {})
            return value(fetch)

        return nested(fetches)

# %% mistake="computed-for-every-use"
class Session:

    def __init__(self):
        self.values = {}

    def run(self, fetches, feed_dict=None):
        known = dict(feed_dict or {})

        def value(tensor):
            return known[tensor] if tensor in known else found(tensor)

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return nested(fetches)

# %% mistake="fed-but-computed"
class Session:

    def __init__(self):
        self.values = {}

    def run(self, fetches, feed_dict=None):
        known = dict(feed_dict or {})

        def value(tensor):
            if feed_dict and tensor in feed_dict and tensor.op == "compute":
                found(tensor)
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return nested(fetches)

# %% mistake="only-placeholders-fed"
class Session:

    def __init__(self):
        self.values = {}

    def run(self, fetches, feed_dict=None):
        known = {tensor: fed for tensor, fed in (feed_dict or {}).items() if tensor.op == "placeholder"}

        def value(tensor):
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return nested(fetches)

# %% mistake="always-a-list"
class Session:

    def __init__(self):
        self.values = {}

    def run(self, fetches, feed_dict=None):
        known = dict(feed_dict or {})

        def value(tensor):
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return [nested(fetches)] if isinstance(fetches, Tensor) else nested(fetches)

# %% mistake="one-set-of-variables"
class Session:

    values = {}

    def run(self, fetches, feed_dict=None):
        known = dict(feed_dict or {})

        def value(tensor):
            if tensor not in known:
                known[tensor] = found(tensor)
            return known[tensor]

        def found(tensor):
            if tensor.op == "placeholder":
                raise ValueError(f"You must feed a value for placeholder {tensor.name!r}")
            if tensor.op == "variable":
                if tensor not in self.values:
                    raise ValueError(f"Attempting to use uninitialized variable {tensor.name!r}")
                return self.values[tensor]
            if tensor.op == "assign":
                self.values[tensor.inputs[0]] = value(tensor.inputs[1])
                return self.values[tensor.inputs[0]]
            return tensor.function(*(value(each) for each in tensor.inputs))

        def nested(fetch):
            if isinstance(fetch, dict):
                return {key: nested(each) for key, each in fetch.items()}
            if isinstance(fetch, (list, tuple)):
                return type(fetch)(nested(each) for each in fetch)
            return value(fetch)

        return nested(fetches)

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

# %% nothing="the fetches"
class Session:
    def run(self, fetches, feed_dict=None):
        return fetches

# %% nothing="what was fed"
class Session:
    def run(self, fetches, feed_dict=None):
        return list((feed_dict or {}).values())

# %% nothing="always an error"
class Session:
    def run(self, fetches, feed_dict=None):
        raise ValueError('no')
