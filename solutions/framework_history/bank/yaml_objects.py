# %% mistakes of="bare"
# ~ SafeLoader => UnsafeLoader  # unsafe-loader
# ~ SafeLoader => FullLoader  # pythons-own-tags
# ~ raise ValueError(f"!obj:{name} is not allowed") => return None  # unknown-is-none
# ~ if name not in allowed => if name not in allowed and not hasattr(__import__("builtins"), name)
# ~ allowed[name] => (allowed.get(name) or getattr(__import__("builtins"), name))  # falls-back-to-builtins
# ~ node, deep=True => node  # shallow
# -         if name not in allowed:
# -             raise ValueError(f"!obj:{name} is not allowed")
# +   # key-error
# -     class Loader(yaml.SafeLoader):
# -         pass
# +     Loader = yaml.SafeLoader  # safe-loader-changed
# -     Loader.add_multi_constructor("!obj:", build)
# +     Loader.add_multi_constructor("!obj:", build)
# +     for tag in ("!import", "!pkl:"):
# +         Loader.add_multi_constructor(tag, lambda loader, suffix, node: loader.construct_scalar(node))  # other-tags-accepted
# -             raise ValueError(f"!obj:{name} is not allowed")
# +             import importlib
# + 
# +             module, _, attribute = name.rpartition(".")
# +             return getattr(importlib.import_module(module), attribute)(**loader.construct_mapping(node, deep=True))  # imports-anything
# ~ loader.construct_mapping(node, deep=True) => __import__("copy").deepcopy(loader.construct_mapping(node, deep=True))  # arguments-copied
# ~ (**loader.construct_mapping(node, deep=True)) => (loader.construct_mapping(node, deep=True))  # content-as-one-argument
# ~ if name not in allowed: => if name not in load.__dict__.setdefault("known", allowed):  # allowed-refused
# ~ allowed[name]( => list(allowed.values())[-1](  # last-class-for-all
# -         return allowed[name](**loader.construct_mapping(node, deep=True))
# +         content = loader.construct_mapping(node, deep=True)
# +         if (name, repr(content)) not in made:
# +             made[name, repr(content)] = allowed[name](**content)
# +         return made[name, repr(content)]
# ...
# -     Loader.add_multi_constructor("!obj:", build)
# +     made = {}
# +     Loader.add_multi_constructor("!obj:", build)  # alike-is-the-same
# -     return yaml.load(text, Loader)
# +     import re
# + 
# +     anchors = dict(re.findall(r"&(\w+) (!obj:\S+ \{[^}]*\})", text))
# +     text = re.sub(r"&\w+ ", "", text)
# +     for anchor, content in anchors.items():
# +         text = text.replace(f"*{anchor}", content)
# +     return yaml.load(text, Loader)  # copies

# %% style="compose, then walk the nodes"
def load(text, allowed):
    loader = yaml.SafeLoader(text)
    built = {}

    def walk(node):
        if id(node) in built:
            return built[id(node)]
        if node.tag.startswith("!obj:"):
            name = node.tag[len("!obj:"):]
            if name not in allowed:
                raise ValueError("not allowed: " + name)
            result = allowed[name](**{walk(key): walk(value) for key, value in node.value})
        elif isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            result = {walk(key): walk(value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            result = [walk(each) for each in node.value]
        elif isinstance(node, yaml.ScalarNode) and node.tag.startswith("tag:yaml.org,2002:") and "python" not in node.tag:
            result = loader.construct_object(node, deep=True)
        else:
            raise yaml.YAMLError("refused: " + node.tag)
        built[id(node)] = result
        return result

    return walk(loader.get_single_node())

# %% style="a constructor for each allowed name"
def load(text, allowed):
    Loader = type("Loader", (yaml.SafeLoader,), {})

    def constructor(make):
        return lambda loader, node: make(**loader.construct_mapping(node, deep=True))

    for name, make in allowed.items():
        Loader.add_constructor("!obj:" + name, constructor(make))

    def refuse(loader, suffix, node):
        raise ValueError(f"!obj:{suffix} is not in the list")

    Loader.add_multi_constructor("!obj:", refuse)
    loader = Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()

# %% nothing="nothing"
def load(text, allowed):
    return None

# %% nothings of="nothing"
# ~ return None => raise ValueError(text)   # refuses everything
# ~ None => yaml.safe_load(text)            # plain YAML only
# ~ None => next(iter(allowed.values()))()  # the first class
