"""The server is killed in every named state of a document's journey, started again, and must end as it would have.

Needs a debug build: only those have failpoints. The names come from the source, and so do the stages: a stage in which
no kill ever found a document is a failure.
"""
import concurrent.futures, json, os, re, shutil, sqlite3, subprocess, threading, time

from swarm import COLLECTIONS, Intent, Record, Swarm
from world import ROOT, World, check, free_port

REACH_TIME, END_TIME, LANES, POINTS_MIN = 30, 60, 4, 40
SOURCE = os.path.join(ROOT, 'crates', 'store', 'src')

# Killed in the first, and again in the second while the next server picks up what was left.
RECOVERIES = [
    ('server.answered', 'store.apply.after_commit'), ('pipeline.submission_marked', 'pipeline.authorization_read'),
    ('pipeline.submission_marked', 'pipeline.submission_marked'), ('pipeline.submission_marked', 'pipeline.answer_read'),
    ('pipeline.answer_read', 'pipeline.before_ask'), ('pipeline.answer_read', 'store.apply.inside'),
    ('pipeline.answer_read', 'store.apply.before_commit'),
    ('pipeline.reception_settled', 'pipeline.authorization_settled'),
]
# Between a request and its answer there is no place to stop: the authority sees that it was asked, and decides.
HELD = {'fault': 'accept_then_timeout', 'hold_ms': 60_000}
ANSWERS = [
    ('recepcion', HELD), ('autorizacion', HELD), ('recepcion', {'fault': 'truncated'}),
    ('autorizacion', {'fault': 'truncated'}), ('recepcion', {'fault': 'reset', 'when': 'after'}),
    ('recepcion', {'fault': 'reset', 'when': 'before'}), ('recepcion', {'fault': 'http_500', 'when': 'after'}),
    ('recepcion', {'fault': 'html', 'when': 'before'}), ('recepcion', {'fault': 'registered_on_first_sight'}),
    ('recepcion', {'fault': 'in_process', 'seconds': 1}),
    ('recepcion', {'fault': 'late_authorization', 'milliseconds': 700}),
]
# What the authority refuses, and how the document ends.
REFUSALS = [({'fault': 'returned', 'code': 35}, 'DEVUELTO'), ({'fault': 'not_authorized', 'code': 39}, 'NO AUTORIZADO'),
            ({'fault': 'returned', 'code': 45}, 'ERROR')]


class Point:
    """Where to kill. `first` and `second` are failpoints; `fault` is ordered from the simulator."""

    def __init__(self, name, first=None, second=None, fault=None, waiting=False, ends='AUTORIZADO', password=None):
        self.name, self.first, self.second, self.fault = name, first, second, fault
        self.waiting, self.ends, self.password = waiting, ends, password


def failpoints():
    with open(os.path.join(SOURCE, 'failpoint.rs'), encoding='utf-8') as file:
        return re.findall(r'^    \w+ = "([a-z_.]+)",$', file.read(), re.M)


def stages():
    with open(os.path.join(SOURCE, 'document.rs'), encoding='utf-8') as file:
        body = re.search(r'pub enum Stage \{(.*?)\n\}', file.read(), re.S).group(1)
    return {int(number): name for name, number in re.findall(r'(\w+) = (\d+),', body)}


def points():
    found = []
    for name in failpoints():
        if name.startswith('store.apply'):
            # Three steps: sending, reception's and authorization's answer.
            found += [Point('%s:%d' % (name, step), '%s:%d' % (name, step)) for step in (1, 2, 3)]
        elif name == 'store.claim.after_commit':
            # An idle server claims as well: only with a document waiting is the first claim its own.
            found.append(Point(name + ' at the start', name, waiting=True))
        else:
            found.append(Point(name, name))
            if name == 'pipeline.claimed':
                found.append(Point(name + ' at the start', name, waiting=True))
    found += [Point('%s, then %s' % pair, *pair) for pair in RECOVERIES]
    found += [Point('%s %s' % (service, json.dumps(fault)), fault=(service, fault)) for service, fault in ANSWERS]
    found += [Point('%s, refused: %s' % (last, ends), last, fault=('recepcion', fault), ends=ends)
              for fault, ends in REFUSALS for last in ('pipeline.reception_settled', 'pipeline.authorization_settled')]
    # A refusal that nobody could store is none: asked about, not found, sent again.
    found += [Point('pipeline.answer_read, refused and forgotten', 'pipeline.answer_read', fault=('recepcion', fault))
              for fault, ends in REFUSALS if fault['fault'] == 'returned']
    found += [Point(name + ' unsigned', name, ends='CREADO', password='wrong')
              for name in ('store.accept.after_commit', 'server.answered')]
    return found


def run(tagua, postgres=None):
    template = World(tagua, None, postgres.create() if postgres else None).prepare()
    all_points, killed_in, failed = points(), {}, []
    try:
        with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
            trials = {lanes.submit(trial, template, postgres, index, point): point
                      for index, point in enumerate(all_points)}
            for done in concurrent.futures.as_completed(trials):
                try:
                    for stage in done.result():
                        killed_in[stage] = killed_in.get(stage, 0) + 1
                except Exception as error:
                    failed.append('%s: %s' % (trials[done].name, str(error)[:500]))
    finally:
        template.close()
    names = stages()
    failed += ['no kill while a document is %s' % name for number, name in names.items() if number not in killed_in]
    failed += ['only %d points' % len(all_points)] if len(all_points) < POINTS_MIN else []
    unnamed = {None: 'not stored'}
    return {'points': len(all_points), 'failpoints': len(failpoints()),
            'killed_in': {unnamed.get(stage) or names[stage]: count for stage, count in sorted(
                killed_in.items(), key=lambda item: -1 if item[0] is None else item[0])},
            'failed': failed}


def trial(template, postgres, index, point):
    base = postgres.create(template.base) if postgres else None
    world, keep = World(template.tagua, None, base).adopt(template), True
    try:
        found = Trial(world, index, point).run()
        keep = False
        return found
    finally:
        world.close(keep)


class Trial:
    def __init__(self, world, index, point):
        self.world, self.point, self.port = world, point, free_port()
        self.clients, self.killed_in = world.at('clients.jsonl'), []
        if point.password:
            world.secrets = {**world.secrets, 'certificate_password': point.password}
        self.swarm = Swarm(world, lambda: self.port, Record(self.clients), 7)
        self.intent = Intent(7, index, COLLECTIONS[index % len(COLLECTIONS)])

    def run(self):
        point, world = self.point, self.world
        world.start_simulator()
        if point.waiting:
            holding = self.start(None, '--hold')
            self.swarm.issue(self.intent)
            holding.stop()
            self.kill_at(self.start(point.first), point.first)
            server = self.start()
        else:
            server = self.issue_through_kills()
        ended = self.wait_for_the_end()
        stopped = server.stop()
        world.simulator.stop()
        verdict = check(world, self.clients)
        problems = [self.swarm.unexpected] if self.swarm.unexpected else []
        problems += ['ended as %s, not %s' % (ended, point.ends)] if ended != point.ends else []
        problems += ['no orderly stop'] if stopped != 0 else []
        problems += [verdict['examples']] if verdict['examples'] else []
        if problems:
            raise RuntimeError('%s (kept in %s)' % (problems, world.path))
        return self.killed_in

    def issue_through_kills(self):
        point = self.point
        if point.fault:
            self.world.control(service=point.fault[0], next=[point.fault[1]])
        server = self.start(point.first)
        client = threading.Thread(target=self.swarm.issue, args=(self.intent,), daemon=True)
        client.start()
        if point.first:
            self.kill_at(server, point.first)
        else:
            self.kill_when_the_fault_was_met(server)
        if point.second:
            self.kill_at(self.start(point.second), point.second)
        server = self.start()
        client.join(END_TIME)
        if client.is_alive():
            raise RuntimeError('the client never got an answer')
        return server

    def start(self, failpoint=None, *options):
        environment = {'TAGUA_FAILPOINT': failpoint} if failpoint else None
        # With SQLite a start ends the claims of the last one; on PostgreSQL they may be another node's and run out.
        lease = ['--lease-ms', '1500'] if self.world.base else []
        return self.world.start_server(self.port, *lease, *options, environment=environment)

    def kill_at(self, server, failpoint):
        name = 'failpoint ' + failpoint.split(':')[0]
        server.wait_line(lambda line: line == name, REACH_TIME)
        self.kill(server)

    def kill_when_the_fault_was_met(self, server):
        deadline = time.monotonic() + REACH_TIME
        while time.monotonic() < deadline:
            with open(self.world.ledger(), encoding='utf-8') as file:
                if '"fault":' in file.read():
                    return self.kill(server)
            time.sleep(0.005)
        raise RuntimeError('the fault was never met')

    def kill(self, server):
        server.kill()
        self.killed_in.append(self.stage())

    def stage(self):
        """As the killed server left it; None where nothing is stored."""
        query = 'SELECT stage FROM document'
        if self.world.base:
            found = subprocess.run(['psql', '-tAX', self.world.base, '-c', query], check=True, capture_output=True,
                                   text=True).stdout.split()
        else:
            # A copy: whoever opens the files of a killed server mends them.
            copy = self.world.at('killed-%d' % len(self.killed_in))
            os.makedirs(copy)
            for name in ('tagua.db', 'tagua.db-wal'):
                if os.path.exists(os.path.join(self.world.data, name)):
                    shutil.copy(os.path.join(self.world.data, name), copy)
            base = sqlite3.connect(os.path.join(copy, 'tagua.db'))
            found = [row[0] for row in base.execute(query)]
            base.close()
        if len(found) > 1:
            raise RuntimeError('%d documents' % len(found))
        return int(found[0]) if found else None

    def wait_for_the_end(self):
        state, deadline = None, time.monotonic() + END_TIME
        while time.monotonic() < deadline:
            state = self.swarm.look(self.intent.name, with_file=True)
            if state == self.point.ends:
                break
            time.sleep(0.05)
        return state
