"""Clients issue while the server is killed and the authority misbehaves; then everything must come to an end."""
import collections, concurrent.futures, contextlib, json, os, random, threading, time

from swarm import Record, Swarm
from world import SETTLE_TIME, Ticker, World, check, free_port

LANES = 8
SRI_LIMIT_MS, LEASE_MS = 250, 2000
UNSETTLED = (None, 'CREADO', 'ENVIADO', 'RECIBIDO')
# Together with the short limit of a call: a tenth is accepted and never answered, a twentieth slower than anybody
# waits for, and so on. Questions meet trouble as well.
PROFILE = '''seed = %d
delay_ms = [0, 30]

[[fault]]
per_thousand = 100
fault = "accept_then_timeout"
hold_ms = 2500

[[fault]]
per_thousand = 20
fault = "lose_then_timeout"
hold_ms = 2500

[[fault]]
per_thousand = 30
fault = "http_500"
when = "after"

[[fault]]
per_thousand = 20
fault = "http_500"
when = "before"

[[fault]]
per_thousand = 30
fault = "html"
when = "after"

[[fault]]
per_thousand = 20
fault = "html"
when = "before"

[[fault]]
per_thousand = 20
fault = "truncated"

[[fault]]
per_thousand = 50
fault = "slow"
delay_ms = 1500

[[fault]]
per_thousand = 10
fault = "late_authorization"
milliseconds = 3000

[[fault]]
per_thousand = 10
fault = "registered_on_first_sight"

[[fault]]
per_thousand = 10
fault = "in_process"
seconds = 2

[[fault]]
per_thousand = 10
fault = "reset"
when = "after"

[[fault]]
per_thousand = 20
service = "autorizacion"
fault = "truncated"

[[fault]]
per_thousand = 30
service = "autorizacion"
fault = "http_500"
when = "before"

[[fault]]
per_thousand = 20
service = "autorizacion"
fault = "html"
when = "after"

[[fault]]
per_thousand = 10
service = "autorizacion"
fault = "other_key"

[[fault]]
per_thousand = 10
service = "autorizacion"
fault = "several"
'''


def run(tagua, documents, kills, seed, base=None, directory=None, tell=None):
    """With a directory that a former run left, goes on where that one ended. `tell` hears once a minute how far it is."""
    world = World(tagua, directory, base).prepare()
    keep = True
    try:
        loop = Loop(world, documents, kills, seed)
        with Ticker(loop.so_far, tell):
            result = loop.run()
        keep = bool(result['failed'])
        return result
    finally:
        world.close(keep)


class Loop:
    def __init__(self, world, documents, kills, seed):
        self.world, self.documents, self.kills, self.seed = world, documents, kills, seed
        self.clients, self.port, self.phase = world.at('clients.jsonl'), free_port(), 'starting'
        # Kills and the time of each phase, of former runs as well.
        self.done = Done(world.at('done.jsonl'))
        self.dice = random.Random('%d/%d' % (seed, self.done.runs))
        self.swarm = Swarm(world, lambda: self.port, None, seed)
        self.final = 0

    def run(self):
        with open(self.world.at('profile.toml'), 'w') as file:
            file.write(PROFILE % (self.seed + self.done.runs))
        self.world.start_simulator(self.world.at('profile.toml'), self.seed + self.done.runs)
        self.swarm.told = Record.told_before(self.clients)
        self.swarm.record = Record(self.clients)
        self.start()
        with self.timed('issuing'):
            self.issue_and_kill(self.kills * 3 // 4)
        with self.timed('working_under_faults'):
            self.kill_while_it_works()
        with self.timed('from_the_last_fault_to_the_last_document'):
            self.faults_stop()
            waiting = self.drain()
        with self.timed('looking_at_every_document'):
            states = self.look_at_all() if not waiting else {}
        with self.timed('stopping'):
            stopped = self.server.stop()
            self.world.simulator.stop()
        with self.timed('checking'):
            verdict = check(self.world, self.clients)
        return self.report(verdict, states, stopped)

    @contextlib.contextmanager
    def timed(self, phase):
        self.phase, began = phase, time.monotonic()
        try:
            yield
        finally:
            self.done.write(phase=phase, seconds=time.monotonic() - began)

    def so_far(self):
        return {'phase': self.phase, 'documents': len(self.swarm.told), 'of': self.documents, 'kills': self.done.kills,
                'of_kills': self.kills, 'seen_final': self.final,
                'repeats_after_lost_answers': self.swarm.retries,
                'told_to_wait': self.swarm.told_to_wait, 'unexpected': self.swarm.unexpected[:3],
                'directory': self.world.path}

    def start(self):
        # Clients cannot run ahead of the work: nearly all kills meet a server that accepts and works at once.
        # On PostgreSQL the claims of a killed server run out; with SQLite a start ends them.
        lease = ['--lease-ms', str(LEASE_MS)] if self.world.base else []
        self.server = self.world.start_server(self.port, '--sri-limit-ms', str(SRI_LIMIT_MS),
                                              '--open-documents', str(max(LANES, self.documents // 4)), *lease)

    def kill(self):
        self.server.kill()
        killed = time.monotonic()
        self.start()
        self.done.write(kill=self.phase, ready_after=time.monotonic() - killed)

    def issue_and_kill(self, kills):
        before, killed = len(self.swarm.told), self.done.kills
        lanes = [threading.Thread(target=self.swarm.work, args=(range(lane, self.documents, LANES),), daemon=True)
                 for lane in range(LANES)]
        for lane in lanes:
            lane.start()
        wanted, left = self.documents - before, max(0, kills - killed)
        for number in range(left):
            threshold = before + wanted * (number + 1) // (left + 1)
            while len(self.swarm.told) < threshold and any(lane.is_alive() for lane in lanes):
                time.sleep(0.002)
            if self.swarm.unexpected:
                break
            # Every tenth kill meets the server while it still works on what the last one left.
            time.sleep(self.dice.random() * (0.02 if number % 10 else 0.3))
            self.kill()
        for lane in lanes:
            lane.join()

    def kill_while_it_works(self):
        """The other kills come at random moments of the work, until nearly every document is final while faults last."""
        progress, waiting = Progress(), self.unsettled(list(self.swarm.told))
        few, left = len(self.swarm.told) // 20, max(0, self.kills - self.done.kills)
        moments = sorted(self.dice.uniform(min(few, len(waiting)), len(waiting)) for _ in range(left))
        while not self.swarm.unexpected and not progress.stands_still(len(waiting), len(moments)):
            self.final = len(self.swarm.told) - len(waiting)
            if moments and len(waiting) <= moments[-1]:
                moments.pop()
                time.sleep(self.dice.random() * 0.3)
                self.kill()
            elif not moments and len(waiting) <= few:
                break
            else:
                time.sleep(0.05)
            waiting = self.unsettled(waiting)

    def unsettled(self, names):
        """Those that are not final yet; asks no further when many are not."""
        found = []
        for index, name in enumerate(names):
            if self.swarm.look(name) in UNSETTLED:
                found.append(name)
                if len(found) > 50:
                    return found + names[index + 1:]
        return found

    def faults_stop(self):
        self.world.simulator.stop()
        self.world.start_simulator()

    def drain(self):
        """Until every document is final."""
        progress, waiting = Progress(), list(self.swarm.told)
        while waiting and not self.swarm.unexpected and not progress.stands_still(len(waiting)):
            waiting = self.unsettled(waiting)
            self.final = len(self.swarm.told) - len(waiting)
            if waiting:
                time.sleep(0.1)
        return waiting

    def look_at_all(self):
        """Clients write down what they see last."""
        names = list(enumerate(self.swarm.told))
        with concurrent.futures.ThreadPoolExecutor(4) as lanes:
            states = lanes.map(lambda name: self.swarm.look(name[1], with_file=name[0] % 10 == 0), names, chunksize=100)
            return dict(collections.Counter(states))

    def report(self, verdict, states, stopped):
        told = len(self.swarm.told)
        failed = [name for name, number in verdict['violations'].items() if number not in (0, 'not exercised')]
        failed += ['unexpected answers'] if self.swarm.unexpected else []
        failed += ['not everything was acknowledged'] if told != self.documents else []
        failed += ['not everything was authorized'] if states != {'AUTORIZADO': told} else []
        failed += ['no orderly stop'] if stopped != 0 else []
        failed += ['%d kills of %d' % (self.done.kills, self.kills)] if self.done.kills != self.kills else []
        return {'documents': told, **self.done.summary(), 'repeats_after_lost_answers': self.swarm.retries,
                'told_to_wait': self.swarm.told_to_wait, 'estados': states,
                'faults_met': faults_met(self.world.ledger()), **verdict,
                'unexpected': self.swarm.unexpected[:3], 'failed': failed, 'directory': self.world.path}


class Done:
    """What happened so far, in a file: a run that goes on counts what came before."""

    def __init__(self, path):
        found = []
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                found = [json.loads(line) for line in file if line.endswith('\n')]
        self.kills = sum('kill' in line for line in found)
        self.runs = sum('run' in line for line in found)
        self.lines, self.file = found, open(path, 'a', encoding='utf-8', buffering=1)
        self.write(run=self.runs)

    def write(self, **line):
        self.lines.append(line)
        self.kills += 'kill' in line
        self.file.write(json.dumps(line) + '\n')

    def summary(self):
        kills = [line for line in self.lines if 'kill' in line]
        ready = sorted(line['ready_after'] for line in kills)
        seconds = collections.Counter()
        for line in self.lines:
            if 'phase' in line:
                seconds[line['phase']] += line['seconds']
        return {'kills': len(kills), 'kills_while_clients_issue': sum(line['kill'] == 'issuing' for line in kills),
                'runs': self.runs + 1, 'seconds': {name: round(of, 1) for name, of in seconds.items()},
                'seconds_from_kill_to_ready': {'median': round(ready[len(ready) // 2], 2), 'worst': round(ready[-1], 2)}
                if ready else {}}


class Progress:
    """Whether anything still moves."""

    def __init__(self):
        self.last, self.at = None, time.monotonic()

    def stands_still(self, *now):
        if now != self.last:
            self.last, self.at = now, time.monotonic()
        return time.monotonic() - self.at > SETTLE_TIME


def faults_met(ledger):
    met = {}
    for line in open(ledger, encoding='utf-8'):
        fault = json.loads(line).get('fault') if line.endswith('\n') else None
        if fault:
            met[fault['fault']] = met.get(fault['fault'], 0) + 1
    return met
