"""An installation with its simulator, its servers and its database, as processes that can be killed."""
import contextlib, hashlib, http.client, json, os, shutil, signal, socket, subprocess, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
READY_TIME, SETTLE_TIME = 60, 300
RUC = '1799999990001'


def binary(kind):
    """Release for load, debug for failpoints: only debug builds have them."""
    given = os.environ.get('TAGUA_BINARY_' + kind.upper())
    path = given or os.path.join(ROOT, 'target', kind, 'tagua')
    if not os.path.exists(path):
        flags = ['--release'] if kind == 'release' else []
        subprocess.run(['cargo', 'build', '--locked', '-p', 'tagua-cli', *flags], cwd=ROOT, check=True)
    return path


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Connections(threading.local):
    """A client keeps its connection, one to each server, until it breaks."""

    def __init__(self):
        self.open = {}


CONNECTIONS = Connections()


def call(port, method, path, headers=None, body=None, timeout=20, keep=False):
    """Status and body; OSError or HTTPException where there is no whole answer. `keep` for whoever asks often and does
    not mind that a kept connection leads to a server that is gone."""
    connection = CONNECTIONS.open.pop(port, None) if keep else None
    connection = connection or http.client.HTTPConnection('127.0.0.1', port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        status, content = answer.status, answer.read()
        if keep:
            CONNECTIONS.open[port], connection = connection, None
        return status, content
    finally:
        if connection:
            connection.close()


NO_ANSWER = (OSError, http.client.HTTPException)


class Ticker:
    """Tells how far a suite is, once a minute while it lasts."""

    def __init__(self, so_far, tell):
        self.so_far, self.tell, self.over = so_far, tell or (lambda so_far: None), threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()

    def run(self):
        while not self.over.wait(60):
            self.tell(self.so_far())

    def __exit__(self, failed, *_):
        self.over.set()
        self.thread.join()
        if failed:
            self.tell(self.so_far())


class Process:
    """A child whose standard error is kept, and searched for lines that matter."""

    def __init__(self, arguments, log, environment=None):
        self.seen, self.log = threading.Condition(), log
        self.lines = []
        self.child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                      env={**os.environ, **(environment or {})}, errors='replace')
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        with open(self.log, 'a', encoding='utf-8') as file:
            for line in self.child.stderr:
                file.write(line)
                if 'failpoint' in line or ' ready at ' in line:
                    with self.seen:
                        self.lines.append(line.strip())
                        self.seen.notify_all()
        with self.seen:
            self.lines.append('ended')
            self.seen.notify_all()

    def wait_line(self, fits, seconds):
        with self.seen:
            found = self.seen.wait_for(lambda: any(fits(l) or l == 'ended' for l in self.lines), seconds)
            line = next((l for l in self.lines if fits(l)), None)
        if not found or line is None:
            raise RuntimeError('not reached (see %s); said %s' % (self.log, self.lines[-3:]))
        return line

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGCONT)
            self.child.send_signal(signal.SIGTERM)
            try:
                return self.child.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                return 'did not stop'
        return self.child.returncode


class World:
    """One data directory and one simulator; `base` is None for SQLite or a PostgreSQL URL."""

    def __init__(self, tagua, directory=None, base=None):
        self.tagua, self.base = tagua, base
        self.owned = directory is None
        self.path = os.path.abspath(directory) if directory else tempfile.mkdtemp(prefix='tagua-proof-')
        os.makedirs(self.path, exist_ok=True)
        self.data, self.simulator_data = self.at('data'), self.at('simulator')
        self.simulator = self.simulator_port = None
        self.processes = []

    def at(self, name):
        return os.path.join(self.path, name)

    def prepare(self):
        """`tagua init`, unless a former run left its installation here."""
        self.end_leftovers()
        if os.path.exists(self.at('secrets.json')):
            self.secrets = json.load(open(self.at('secrets.json')))
        else:
            database = ['--database', self.base] if self.base else []
            made = subprocess.run([self.tagua, 'init', '--json', '--data', self.data, *database], check=True,
                                  capture_output=True)
            self.secrets = json.loads(made.stdout)
            # The simulator trusts the sandbox's authority: only its public certificate is copied.
            shutil.copytree(os.path.join(self.data, 'simulator', 'sandbox-ca'),
                            os.path.join(self.simulator_data, 'sandbox-ca'))
            json.dump(self.secrets, open(self.at('secrets.json'), 'w'))
        return self

    def end_leftovers(self):
        """Processes of a former run here that was cut off, which hold the database; known by their arguments as well."""
        if not os.path.exists(self.at('processes')):
            return
        with open(self.at('processes')) as file:
            for pid in file.read().split():
                with contextlib.suppress(OSError):
                    with open('/proc/%s/cmdline' % pid, 'rb') as arguments:
                        if self.path.encode() + b'/' in arguments.read():
                            os.kill(int(pid), signal.SIGKILL)
        os.remove(self.at('processes'))

    def adopt(self, template):
        """A copy of an installation: making RSA keys takes longer than most tests."""
        shutil.copytree(template.data, self.data)
        shutil.copytree(os.path.join(template.simulator_data, 'sandbox-ca'),
                        os.path.join(self.simulator_data, 'sandbox-ca'))
        self.secrets = template.secrets
        return self

    def headers(self):
        return {'X-Key': self.secrets['api_key'], 'X-Password': self.secrets['certificate_password'],
                'Content-Type': 'application/json'}

    def start_simulator(self, profile=None, seed=None):
        self.simulator_port = self.simulator_port or free_port()
        options = ['--profile', profile] if profile else []
        options += ['--seed', str(seed)] if seed is not None else []
        self.simulator = self.start('simulator', '--listen', '127.0.0.1:%d' % self.simulator_port, '--data',
                                    self.simulator_data, *options)

    def start_server(self, port, *options, data=None, environment=None):
        database = ['--database', self.base] if self.base else []
        return self.start('start', '--listen', '127.0.0.1:%d' % port, '--data', data or self.data, '--simulator-url',
                          'http://127.0.0.1:%d' % self.simulator_port, *database, *options, environment=environment)

    def start(self, command, *arguments, environment=None):
        process = Process([self.tagua, command, *arguments], self.at(command + '.log'),
                          {'RUST_LOG': 'warn', 'TAGUA_LOG': 'warn', **(environment or {})})
        self.processes.append(process)
        with open(self.at('processes'), 'a') as file:
            file.write('%d\n' % process.child.pid)
        process.wait_line(lambda line: ' ready at ' in line, READY_TIME)
        return process

    def control(self, **order):
        status, body = call(self.simulator_port, 'POST', '/simulator/control', {'Content-Type': 'application/json'},
                            json.dumps(order))
        assert status == 200, body

    def ledger(self):
        return os.path.join(self.simulator_data, 'ledger.jsonl')

    def database(self):
        return self.base or os.path.join(self.data, 'tagua.db')

    def close(self, keep=False):
        for process in self.processes:
            if process.child.poll() is None:
                process.kill()
        if self.owned and not keep:
            shutil.rmtree(self.path, ignore_errors=True)


class Postgres:
    """A cluster, thrown away unless it has a directory; `create` makes a database in it."""

    def __init__(self, directory=None):
        places = [os.environ.get('TAGUA_POSTGRES_BIN', '')]
        places += ['/usr/lib/postgresql/%d/bin' % version for version in range(20, 14, -1)]
        self.bin = next((place for place in places if os.path.exists(os.path.join(place, 'initdb'))), None)
        if self.bin is None:
            raise SystemExit('PostgreSQL is not installed: initdb is not found (set TAGUA_POSTGRES_BIN)')
        self.owned = directory is None
        self.directory = directory or tempfile.mkdtemp(prefix='tagua-proof-postgres-')
        os.makedirs(self.directory, exist_ok=True)
        os.chmod(self.directory, 0o777)
        self.port, self.lock = free_port(), threading.Lock()
        if os.path.exists(self.directory + '/data'):
            # Of a run that was cut off, it may still serve.
            self.stop()
        else:
            self.run('initdb', '-D', self.directory + '/data', '-U', 'tagua', '-A', 'trust', '-E', 'UTF8')
        options = '-p %d -c listen_addresses=127.0.0.1 -k %s -c max_connections=400' % (self.port, self.directory)
        self.run('pg_ctl', '-D', self.directory + '/data', '-l', self.directory + '/log', '-o', options, '-w', 'start')
        self.made = 0

    def run(self, program, *arguments):
        # PostgreSQL does not run as root.
        other = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] if os.getuid() == 0 else []
        subprocess.run([*other, os.path.join(self.bin, program), *arguments], cwd='/', check=True,
                       stdout=subprocess.DEVNULL)

    def url(self, name):
        return 'postgres://tagua@127.0.0.1:%d/%s' % (self.port, name)

    def create(self, template=None):
        with self.lock:
            self.made += 1
            name = 'proof_%d' % self.made
            self.order('DROP DATABASE IF EXISTS %s' % name)
            self.order('CREATE DATABASE %s%s' % (name, ' TEMPLATE ' + template.rsplit('/', 1)[1] if template else ''))
        return self.url(name)

    def create_once(self, name):
        """As a former run left it."""
        found = subprocess.run(['psql', '-tAX', self.url('postgres'), '-c', 'SELECT datname FROM pg_database'],
                               check=True, capture_output=True, text=True).stdout.split()
        if name not in found:
            self.order('CREATE DATABASE ' + name)
        return self.url(name)

    def order(self, statement):
        quiet = {**os.environ, 'PGOPTIONS': '-c client_min_messages=warning'}
        subprocess.run(['psql', '-qX', self.url('postgres'), '-c', statement], check=True, env=quiet)

    def stop(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run('pg_ctl', '-D', self.directory + '/data', '-m', 'immediate', 'stop')

    def close(self):
        self.stop()
        if self.owned:
            shutil.rmtree(self.directory, ignore_errors=True)


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def check(world, clients, nodes=1):
    """The checker's verdict, from a process of its own."""
    checker = os.path.join(ROOT, 'proof', 'checker.py')
    ran = subprocess.run(['python3', checker, '--ledger', world.ledger(), '--clients', clients, '--database',
                          world.database(), '--nodes', str(nodes)], capture_output=True, text=True)
    if ran.returncode not in (0, 1) or not ran.stdout:
        raise RuntimeError('the checker failed: ' + ran.stderr[-2000:])
    return json.loads(ran.stdout)
