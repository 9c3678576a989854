"""Clients issue while the server is killed and the authority misbehaves; then everything must come to an end."""
import json, random, threading, time

from swarm import Record, Swarm
from world import SETTLE_TIME, World, check, free_port

LANES = 8
SRI_LIMIT_MS, LEASE_MS = 1000, 2000
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


def run(tagua, documents, kills, seed, base=None, directory=None):
    """With a directory that a former run left, goes on where that one ended."""
    world = World(tagua, directory, base).prepare()
    keep = True
    try:
        result = Loop(world, documents, kills, seed).run()
        keep = bool(result['failed'])
        return result
    finally:
        world.close(keep)


class Loop:
    def __init__(self, world, documents, kills, seed):
        self.world, self.documents, self.kills, self.seed = world, documents, kills, seed
        self.clients, self.port = world.at('clients.jsonl'), free_port()
        self.dice, self.began, self.killed = random.Random(seed), time.monotonic(), 0

    def run(self):
        with open(self.world.at('profile.toml'), 'w') as file:
            file.write(PROFILE % self.seed)
        self.world.start_simulator(self.world.at('profile.toml'), self.seed)
        self.swarm = Swarm(self.world, lambda: self.port, None, self.seed)
        self.swarm.told = Record.told_before(self.clients)
        self.swarm.record = Record(self.clients)
        self.start()
        self.issue_and_kill(self.kills * 3 // 4)
        issued = time.monotonic()
        self.kill_while_it_works()
        under_faults = time.monotonic()
        self.faults_stop()
        drained, states = self.drain()
        stopped = self.server.stop()
        self.world.simulator.stop()
        verdict = check(self.world, self.clients)
        times = {'issuing': issued - self.began, 'working_under_faults': under_faults - issued,
                 'from_the_last_fault_to_the_last_document': drained}
        return self.report(verdict, times, states, stopped)

    def start(self):
        # On PostgreSQL the claims of a killed server run out; with SQLite a start ends them.
        lease = ['--lease-ms', str(LEASE_MS)] if self.world.base else []
        self.server = self.world.start_server(self.port, '--sri-limit-ms', str(SRI_LIMIT_MS), *lease)

    def kill(self):
        self.server.kill()
        self.killed += 1
        self.start()

    def issue_and_kill(self, kills):
        before = len(self.swarm.told)
        lanes = [threading.Thread(target=self.swarm.work, args=(range(lane, self.documents, LANES),), daemon=True)
                 for lane in range(LANES)]
        for lane in lanes:
            lane.start()
        wanted = self.documents - before
        while self.killed < kills and not self.swarm.unexpected:
            threshold = before + wanted * (self.killed + 1) // (kills + 1)
            while len(self.swarm.told) < threshold and any(lane.is_alive() for lane in lanes):
                time.sleep(0.002)
            # Every tenth kill meets the server while it still works on what the last one left.
            time.sleep(self.dice.random() * (0.02 if self.killed % 10 else 0.3))
            self.kill()
        for lane in lanes:
            lane.join()

    def kill_while_it_works(self):
        """The other kills come at random times, until nearly every document is final while faults last."""
        began, waiting = time.monotonic(), list(self.swarm.told)
        few = len(waiting) // 20
        while not self.swarm.unexpected and time.monotonic() - began < SETTLE_TIME * 4:
            pause = time.monotonic() + self.dice.random()
            waiting = self.unsettled(waiting)
            time.sleep(max(0, pause - time.monotonic()))
            if self.killed < self.kills:
                self.kill()
            elif len(waiting) <= few:
                break

    def unsettled(self, names, states=None):
        """Those that are not final yet; asks no further when many are not."""
        found = []
        for index, name in enumerate(names):
            state = self.swarm.look(name, with_file=states is not None and index % 10 == 0)
            if state in UNSETTLED:
                found.append(name)
                if len(found) > 50:
                    return found + names[index + 1:]
            elif states is not None:
                states[state] = states.get(state, 0) + 1
        return found

    def faults_stop(self):
        self.world.simulator.stop()
        self.world.start_simulator()

    def drain(self):
        """Until every document is final; clients write down what they see last."""
        began, states, ended = time.monotonic(), {}, None
        waiting = self.unsettled(list(self.swarm.told))
        while waiting and time.monotonic() - began < SETTLE_TIME and not self.swarm.unexpected:
            time.sleep(0.1)
            waiting = self.unsettled(waiting)
        ended = time.monotonic() - began
        self.unsettled(list(self.swarm.told), states)
        return ended, states

    def report(self, verdict, times, states, stopped):
        told = len(self.swarm.told)
        failed = [name for name, number in verdict['violations'].items() if number not in (0, 'not exercised')]
        failed += ['unexpected answers'] if self.swarm.unexpected else []
        failed += ['not everything was acknowledged'] if told != self.documents else []
        failed += ['not everything was authorized'] if states != {'AUTORIZADO': told} else []
        failed += ['no orderly stop'] if stopped != 0 else []
        return {'documents': told, 'kills': self.killed, 'repeats_after_lost_answers': self.swarm.retries,
                'seconds': {name: round(seconds, 1) for name, seconds in times.items()}, 'estados': states, 'faults_met': faults_met(self.world.ledger()), **verdict,
                'unexpected': self.swarm.unexpected[:3], 'failed': failed, 'directory': self.world.path}


def faults_met(ledger):
    met = {}
    for line in open(ledger, encoding='utf-8'):
        fault = json.loads(line).get('fault') if line.endswith('\n') else None
        if fault:
            met[fault['fault']] = met.get(fault['fault'], 0) + 1
    return met
