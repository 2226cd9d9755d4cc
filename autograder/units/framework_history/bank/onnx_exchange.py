# %% mistake="skip-lost"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = walk(content[0], name)
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="weight-not-transposed"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=0)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="bias-lost"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, pair[0]], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="always-transposed"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ b.T + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="never-transposed"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ b + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="alpha-beta-ignored"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return (a.T if transA else a) @ (b.T if transB else b) + c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="bias-ignored"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b)

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="unknown-accepted"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            pass
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="any-version"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        pass
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="reads-what-is-not-there"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                pass
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% mistake="written-twice-accepted"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"{op.lower()}{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"W{len(initializers)}", f"b{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: np.maximum(a, 0),
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            pass
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% style="matmul by hand, checks in a first pass"
import json


def export_onnx(layers):
    graph = {"input": ["x"], "output": ["y"], "initializer": {}, "node": []}
    counter = iter(range(10**6))

    def node(op, inputs, output=None, **attribute):
        output = output or f"t{next(counter)}"
        graph["node"].append({"op_type": op, "input": list(inputs), "output": [output], "attribute": attribute})
        return output

    def add(layers, x, last=None):
        for position, layer in enumerate(layers):
            goal = last if position == len(layers) - 1 else None
            if layer[0] == "Linear":
                w, b = f"w{next(counter)}", f"b{next(counter)}"
                graph["initializer"][w] = [[float(v) for v in row] for row in layer[1]]
                graph["initializer"][b] = [float(v) for v in layer[2]]
                x = node("Gemm", [x, w, b], goal, transB=1, alpha=1.0, beta=1.0)
            elif layer[0] == "Residual":
                x = node("Add", [add(layer[1], x), x], goal)
            else:
                x = node(layer[0], [x], goal)
        return x

    add(layers, "x", "y")
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": json.loads(json.dumps(graph))}


def import_onnx(model):
    version = max(each["version"] for each in model["opset_import"])
    if version > 13:
        raise ValueError(f"version {version}?")
    graph = model["graph"]
    known = set(graph["input"]) | set(graph["initializer"])
    for node in graph["node"]:
        if node["op_type"] not in {"Gemm", "Add", "Mul", "Tanh", "Relu"}:
            raise ValueError("what is " + node["op_type"])
        for name in node["input"]:
            if name not in known:
                raise ValueError("no " + name)
        for name in node["output"]:
            if name in known:
                raise ValueError("again " + name)
            known.add(name)

    def compute(node, values):
        inputs = [values[name] for name in node["input"]]
        settings = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0, **node.get("attribute", {})}
        if node["op_type"] == "Gemm":
            a = np.transpose(inputs[0]) if settings["transA"] else inputs[0]
            b = np.transpose(inputs[1]) if settings["transB"] else inputs[1]
            result = settings["alpha"] * np.dot(a, b)
            return result + settings["beta"] * inputs[2] if len(inputs) == 3 else result
        if node["op_type"] in ("Add", "Mul"):
            return (np.add if node["op_type"] == "Add" else np.multiply)(*inputs)
        return np.tanh(inputs[0]) if node["op_type"] == "Tanh" else np.where(inputs[0] > 0, inputs[0], 0.0)

    def run(feeds):
        values = {name: np.array(value) for name, value in graph["initializer"].items()}
        values.update({name: np.array(value) for name, value in feeds.items()})
        for node in graph["node"]:
            values[node["output"][0]] = compute(node, values)
        return [values[name] for name in graph["output"]]

    return run

# %% style="other names, numpy's maximum"
def export_onnx(layers):
    nodes, initializers = [], {}

    def emit(op, inputs, **attribute):
        name = f"hidden_{len(nodes)}"
        nodes.append({"op_type": op, "input": inputs, "output": [name], "attribute": attribute})
        return name

    def walk(layers, name):
        for kind, *content in layers:
            if kind == "Linear":
                pair = [f"weight_{len(initializers)}", f"bias_{len(initializers)}"]
                for key, array in zip(pair, content):
                    initializers[key] = np.asarray(array, dtype=float).tolist()
                name = emit("Gemm", [name, *pair], transB=1)
            elif kind == "Residual":
                name = emit("Add", [name, walk(content[0], name)])
            else:
                name = emit(kind, [name])
        return name

    walk(layers, "x")
    nodes[-1]["output"] = ["y"]
    graph = {"input": ["x"], "output": ["y"], "initializer": initializers, "node": nodes}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}


def import_onnx(model):
    def gemm(a, b, c=0.0, alpha=1.0, beta=1.0, transA=0, transB=0):
        return alpha * (a.T if transA else a) @ (b.T if transB else b) + beta * c

    operations = {
        "Gemm": gemm,
        "Add": lambda a, b: a + b,
        "Mul": lambda a, b: a * b,
        "Tanh": np.tanh,
        "Relu": lambda a: (a + np.abs(a)) / 2,
    }
    graph = model["graph"]
    for each in model["opset_import"]:
        if each["version"] > 13:
            raise ValueError(f"opset version {each['version']} is newer than 13")
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"]:
        if node["op_type"] not in operations:
            raise ValueError(f"unknown operation {node['op_type']!r}")
        for name in node["input"]:
            if name not in written:
                raise ValueError(f"nobody has written {name!r} before it is read")
        written += node["output"]
    for name in written:
        if written.count(name) > 1:
            raise ValueError(f"{name!r} is written twice")
    for name in graph["output"]:
        if name not in written:
            raise ValueError(f"nobody writes the output {name!r}")

    def run(feeds):
        values = {name: np.asarray(array, dtype=float) for name, array in (graph["initializer"] | feeds).items()}
        for node in graph["node"]:
            inputs = [values[name] for name in node["input"]]
            values[node["output"][0]] = operations[node["op_type"]](*inputs, **node.get("attribute", {}))
        return [values[name] for name in graph["output"]]

    return run

# %% nothing="an empty graph"
def export_onnx(layers):
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": {"input": ["x"], "output": ["y"], "initializer": {}, "node": []}}


def import_onnx(model):
    return lambda feeds: [np.zeros((5, 3))]

# %% nothing="refuses everything"
def export_onnx(layers):
    return {}


def import_onnx(model):
    raise ValueError(str(model))

# %% nothing="identity"
def export_onnx(layers):
    node = {"op_type": "Relu", "input": ["x"], "output": ["y"], "attribute": {}}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": {"input": ["x"], "output": ["y"], "initializer": {}, "node": [node]}}


def import_onnx(model):
    return lambda feeds: list(feeds.values())

# %% nothing="an operation of one's own"
def export_onnx(layers):
    node = {"op_type": "Network", "input": ["x"], "output": ["y"], "attribute": {"layers": repr(layers)}}
    return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": {"input": ["x"], "output": ["y"], "initializer": {}, "node": [node]}}


def import_onnx(model):
    return lambda feeds: [np.full((5, 3), np.nan)]
