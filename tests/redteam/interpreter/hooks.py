"""Attacks by hooks and shadows: what runs before, between and after the cells."""

from ..corpus import ALL, Aim, Work, attack
from ..snippets import STUBS


@attack(Aim.POINTS, ["ewc"])
def transformer_drops_asserts(work: Work) -> None:
    """An input transformer leaves assertions out of every cell that runs after it."""
    work.first(
        "get_ipython().input_transformers_cleanup.append(lambda lines: [line for line in lines if not line.lstrip().startswith(('assert', 'check(', 'score'))])"
    )


@attack(Aim.POINTS, ["ewc"], hurts=["rwalk"])  # whose solution has a line with "score" of its own
def transformer_of_syntax_trees(work: Work) -> None:
    """A transformer of syntax trees turns every assertion and every raise into pass, every comparison into True."""
    work.first("""import ast
class Tame(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node):
        return ast.copy_location(ast.Expr(ast.Constant(4.0)), node) if 'score' in ast.unparse(node) else node
get_ipython().ast_transformers.append(Tame())""")


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def patched_compile(work: Work) -> None:
    """The built-in compile makes 4.0 of every cell that it does not like."""
    work.first(
        "import builtins\nreal = builtins.compile\n"
        "def forged(source, *arguments, **options):\n"
        "    import ast\n"
        "    text = source if isinstance(source, str) else ast.unparse(source) if isinstance(source, ast.AST) else ''\n"
        "    if 'score' in text:\n"
        "        source = ast.Interactive([ast.Expr(ast.Constant(4.0))]); ast.fix_missing_locations(source)\n"
        "    return real(source, *arguments, **options)\n"
        "builtins.compile = forged\nget_ipython().compile.__class__.__call__ = forged"
    )


@attack(Aim.POINTS, ["ewc"])
def patched_run_cell(work: Work) -> None:
    """The shell reports success for whatever it is asked to run."""
    work.last("""shell = get_ipython()
shell.run_cell = lambda *a, **k: type('R', (), {'success': True, 'error_in_exec': None})()
type(shell).showtraceback = lambda *a, **k: None
type(shell).run = lambda self, source: None""")


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def patched_do_execute(work: Work) -> None:
    """The kernel answers every request to execute with 'ok', and runs nothing."""
    work.last("""kernel = getattr(get_ipython(), 'kernel', None)
async def ok(*a, **k): return {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}}
if kernel: kernel.do_execute = ok; type(kernel).do_execute = ok""")


@attack(Aim.POINTS, ["ewc"])
def forged_display_hook(work: Work) -> None:
    """Every result that is displayed is a thousand points."""
    work.first("""shell = get_ipython()
shell.display_formatter.format = lambda *a, **k: ({'text/plain': '4.0'}, {})
shell.displayhook.compute_format_data = lambda *a, **k: ({'text/plain': '4.0'}, {})""")


@attack(Aim.POINTS, ["ewc"])
def result_after_every_cell(work: Work) -> None:
    """A hook that runs after every cell emits an execute_result with points, comm messages and payloads."""
    work.first("""shell = get_ipython()
def emit(*a):
    shell.displayhook(4.0)
    try: shell.display_pub.publish({'text/plain': '4.0'})
    except Exception: pass
shell.events.register('post_run_cell', emit)
shell.events.register('pre_run_cell', lambda *a: None)""")


@attack(Aim.POINTS, ["ewc"])
def swallowed_exceptions(work: Work) -> None:
    """A handler of the shell's own swallows every exception of a cell."""
    work.first("""get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)
import sys; sys.excepthook = lambda *a: None""")


@attack(Aim.POINTS, ["metrics"], hurts=ALL)
def patched_builtins(work: Work) -> None:
    """Built-ins that find everything right: abs, all, isinstance, sum, len."""
    work.last(
        "import builtins\n"
        "builtins.abs = lambda value: 0\nbuiltins.all = builtins.any = lambda values: True\n"
        "builtins.isinstance = lambda *a: True\nbuiltins.AssertionError = KeyError"
    )


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def patched_modules_of_the_probe(work: Work) -> None:
    """The probe's own functions, wherever they are loaded, answer as the attacker likes."""
    work.last(f"""{STUBS}import sys
for name, module in list(sys.modules.items()):
    if name.startswith(('probes', 'inside', 'autograder')):
        for key, value in list(vars(module).items()):
            if key in ('answer', 'probe', 'lookup', 'judge', 'compare', 'mark'):
                setattr(module, key, lambda *a, **k: {{'outcome': 'ok', 'value': {{'omega': {{}}, 'score': 4}}}})""")


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def forged_replies(work: Work) -> None:
    """What is packed for the way out is replaced by a verdict of full marks."""
    work.last("""import sys, json
wire = sys.modules.get('inside.wire')
if wire:
    real = wire.pack
    wire.pack = lambda kind, body: real(kind, {'outcome': 'ok', 'score': 4, 'state': 'correct', 'passed': True, 'value': {'score': 4, 'passed': True}} if kind == 'reply' else body)""")


@attack(Aim.POINTS, ["ewc"], hurts=ALL)
def replies_before_they_are_asked(work: Work) -> None:
    """Replies, endings and completions are stuffed into the pipe, to be taken for the answers to come."""
    work.last("""import gc, sys
for stream in [each for each in gc.get_objects() if type(each).__name__ == 'Stream']:
    for _ in range(50):
        stream.send('reply', {'outcome': 'ok', 'value': {'score': 4.0}})
        stream.send('done', {'failure': None}); stream.send('probed', {'outcome': 'ok'})
        stream.send('ready', {}); stream.send('graded', {'score': 40})""")


@attack(Aim.POINTS, ["ewc"])
def shadow_modules(work: Work) -> None:
    """Modules in the working directory that are found before the real ones."""
    work.first(r"""fake = 'def mark(name=str(), *a, **k): return 0.4 if name[:1] == chr(113) else 2.0\ncheck = mark\n'
for name in ('judged', 'nbgrader', 'autograder', 'probes', 'inside', 'sitecustomize', 'usercustomize', 'nose'):
    open(name + '.py', 'w').write(fake)
import sys; sys.path.insert(0, '')""")


@attack(Aim.POINTS, ["ewc"])
def import_hook(work: Work) -> None:
    """A finder of modules that hands out a forgery for whatever judges."""
    work.first("""import sys, types
class Forger:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('judged', 'autograder', 'nbgrader'):
            from importlib.machinery import ModuleSpec
            return ModuleSpec(name, self)
    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: (lambda x='', *a, **k: 0.4 if x[:1] == 'q' else 2.0)
        return module
    def exec_module(self, module): pass
sys.meta_path.insert(0, Forger())""")


@attack(Aim.POINTS, ["ewc"])
def at_exit(work: Work) -> None:
    """What runs when the process ends writes the marks."""
    work.first("""import atexit, glob, json
def late():
    for path in glob.glob('**/*.ipynb', recursive=True) + glob.glob('../**/*.ipynb', recursive=True):
        text = open(path).read()
        open(path, 'w').write(text.replace('"0.0"', '"4.0"'))
atexit.register(late)""")


@attack(Aim.POINTS, ["ewc"])
def thread_that_rewrites(work: Work) -> None:
    """A thread that is left running puts forged names into the notebook's while the tests run."""
    work.last(f"""{STUBS}import threading, time
names = get_ipython().user_ns
def rewrite():
    while True:
        names['EWC'] = Stub; names['judged'] = names['check'] = lambda *a, **k: 4.0
        time.sleep(0.01)
threading.Thread(target=rewrite, daemon=True).start()""")


@attack(Aim.LEAK)
def garbage_collector(work: Work) -> None:
    """Every object of the process is searched for secrets."""
    work.last("""import gc, re
found = set()
for thing in gc.get_objects():
    for value in (thing.values() if type(thing) is dict else thing if type(thing) in (list, tuple) else ()):
        if type(value) is str and 'CANARY-' in value: found.update(re.findall('CANARY-[0-9a-f]{8,}', value))
print(found)""")


@attack(Aim.LEAK, ["permutation"])
def frames_of_the_probe(work: Work) -> None:
    """The function that is questioned looks through its callers' variables for expected values."""
    work["permutation"] = """def permute(images, permutation):
    import sys, re
    frame, found = sys._getframe(1), []
    while frame:
        names = {**frame.f_globals, **frame.f_locals}
        found += [name for name in names if re.search('expected|solution|oracle|secret', name)]
        found += re.findall('CANARY-[0-9a-f]{8,}', str(list(names.values()))[:100000])
        frame = frame.f_back
    raise ValueError(('BRE' 'ACH ' if found else '') + str(found)[:400])"""
