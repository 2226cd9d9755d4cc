"""IPython kernels that start at once: forked from a process that has imported what homework imports.

``main`` runs in that process, which has imported what is in ``IMPORTED``; the kernel specification that
``specification`` writes starts a client, which stands for the kernel: it passes interrupts on, and when it dies, so
does the kernel.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path

IMPORTED = (
    "ipykernel.kernelapp",
    "matplotlib.pyplot",
    "torch._dynamo",
    "torchvision",
    "lifelong",
    "autograder.judging.judge",
    "autograder.grading.exercises",
    "solutions.hw14.probes.scripted",
)

CLIENT = """
import json, os, signal, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({path!r})
request = json.dumps(dict(file=sys.argv[1], cwd=os.getcwd(), env=dict(os.environ))).encode()
signal.signal(signal.SIGINT, lambda *_: server.send(b"I"))
server.sendall(len(request).to_bytes(4, "big") + request)
while server.recv(1):
    pass
"""


def specification(folder: Path, path: Path) -> None:
    """Write a kernel specification called python3 into a folder of Jupyter's, and the client that it starts."""
    target = folder / "kernels" / "python3"
    target.mkdir(parents=True)
    (target / "client.py").write_text(CLIENT.format(path=str(path)))
    argv = [sys.executable, "-S", str(target / "client.py"), "{connection_file}"]
    (target / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))


def main(path: str) -> None:
    """Serve until killed."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    children: dict[socket.socket, int] = {}
    while True:
        for ready in select.select([server, *children], [], [], 0.1)[0]:
            if ready is server:
                client = server.accept()[0]
                with contextlib.suppress(OSError, ValueError, EOFError):  # some knock and ask for nothing
                    children[client] = _fork(client, [server, *children])
            else:
                _pass_on(ready, children)
        for client, child in list(children.items()):
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(child, os.WNOHANG)[0]:
                    del children[client]
                    client.close()


def _pass_on(client: socket.socket, children: dict[socket.socket, int]) -> None:
    """Interrupt the kernel of a client, or kill it when the client has died."""
    try:
        word = client.recv(1)
    except OSError:
        word = b""
    os.kill(children[client], signal.SIGINT if word else signal.SIGKILL)
    if not word:
        os.waitpid(children.pop(client), 0)
        client.close()


def _fork(client: socket.socket, others: list[socket.socket]) -> int:
    """A child that is the kernel."""
    client.settimeout(5)
    size = int.from_bytes(_read(client, 4), "big")
    request = json.loads(_read(client, size))
    client.settimeout(None)
    child = os.fork()
    if child:
        return child
    for other in [*others, client]:
        other.close()
    os.setsid()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.path[:0] = [folder for folder in request["env"].get("PYTHONPATH", "").split(":") if folder]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(["-f", request["file"]])
    os._exit(0)


def _read(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        received = client.recv(size - len(data))
        if not received:
            raise EOFError
        data += received
    return data
