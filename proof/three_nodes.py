"""Three servers on one PostgreSQL, killed and frozen for longer than a lease while they work."""
import random, shutil, signal, threading, time

from kill_loop import PROFILE, SRI_LIMIT_MS, UNSETTLED, faults_met
from swarm import Record, Swarm
from world import SETTLE_TIME, Ticker, World, check, free_port

NODES, LANES = 3, 8
# Renewed while a node lives: short, so that many freezes fit into minutes.
LEASE_MS = 750


def run(tagua, documents, kills, freezes, seed, base, tell=None):
    world, keep = World(tagua, None, base).prepare(), True
    try:
        cluster = Cluster(world, documents, kills, freezes, seed)
        with Ticker(cluster.so_far, tell):
            result = cluster.run()
        keep = bool(result['failed'])
        return result
    finally:
        world.close(keep)


class Paced(Swarm):
    """Issues no faster than the disturbances come, so that each of them meets documents under way."""
    allowed = 0

    def issue(self, intent):
        while len(self.told) >= self.allowed and not self.unexpected:
            time.sleep(0.01)
        super().issue(intent)


class Cluster:
    def __init__(self, world, documents, kills, freezes, seed):
        self.world, self.documents, self.seed = world, documents, seed
        self.kills, self.freezes = kills, freezes
        self.dice, self.clients = random.Random(seed), world.at('clients.jsonl')
        self.ports = [free_port() for _ in range(NODES)]
        self.data = [world.at('data-%d' % node) for node in range(NODES)]
        self.nodes, self.awake = [], set()
        self.killed = self.frozen = 0
        self.swarm = Paced(world, self.any_port, Record(self.clients), seed)

    def run(self):
        with open(self.world.at('profile.toml'), 'w') as file:
            file.write(PROFILE % self.seed)
        self.world.start_simulator(self.world.at('profile.toml'), self.seed)
        for node in range(NODES):
            shutil.copytree(self.world.data, self.data[node])
            self.nodes.append(self.start(node))
        lanes = [threading.Thread(target=self.swarm.work, args=(range(lane, self.documents, LANES),), daemon=True)
                 for lane in range(LANES)]
        began = time.monotonic()
        for lane in lanes:
            lane.start()
        self.disturb()
        for lane in lanes:
            lane.join()
        self.world.simulator.stop()
        self.world.start_simulator()
        states, drained = self.drain()
        stopped = [node.stop() for node in self.nodes]
        self.world.simulator.stop()
        verdict = check(self.world, self.clients, NODES)
        return self.report(verdict, states, stopped, time.monotonic() - began, drained)

    def so_far(self):
        return {'documents': len(self.swarm.told), 'of': self.documents, 'kills': self.killed, 'of_kills': self.kills,
                'freezes_longer_than_a_lease': self.frozen, 'of_freezes': self.freezes,
                'unexpected': self.swarm.unexpected[:3], 'directory': self.world.path}

    def start(self, node):
        process = self.world.start_server(self.ports[node], '--sri-limit-ms', str(SRI_LIMIT_MS), '--lease-ms',
                                          str(LEASE_MS), data=self.data[node],
                                          environment={'TAGUA_LOG': 'warn,tagua_pipeline=info'})
        self.awake.add(node)
        return process

    def steps_refused(self):
        """Steps of a node that woke with a claim that another had taken over: what this suite is about."""
        with open(self.world.at('start.log'), encoding='utf-8') as log:
            return sum('somebody else moved the document first' in line for line in log)

    def any_port(self):
        """Of a node that is not known to sleep: a client would wait for it, not lose by it."""
        awake = list(self.awake) or [0]
        return self.ports[random.choice(awake)]

    def disturb(self):
        actions = ['kill'] * self.kills + ['freeze'] * self.freezes
        self.dice.shuffle(actions)
        for number, action in enumerate(actions, 1):
            if self.swarm.unexpected:
                return
            self.swarm.allowed = self.documents * number // len(actions)
            time.sleep(self.dice.random() * 0.5)
            node = self.dice.randrange(NODES)
            if action == 'kill':
                self.awake.discard(node)
                self.nodes[node].kill()
                self.killed += 1
                self.nodes[node] = self.start(node)
            else:
                self.freeze(node)
        self.swarm.allowed = self.documents

    def freeze(self, node):
        """Longer than its claims last: the others take its work over, then it wakes and goes on with it."""
        self.awake.discard(node)
        self.nodes[node].child.send_signal(signal.SIGSTOP)
        time.sleep(LEASE_MS / 1000 * (1.2 + self.dice.random() * 0.5))
        self.nodes[node].child.send_signal(signal.SIGCONT)
        self.frozen += 1
        self.awake.add(node)

    def drain(self):
        began, waiting, states = time.monotonic(), list(self.swarm.told), {}
        while waiting and time.monotonic() - began < SETTLE_TIME and not self.swarm.unexpected:
            unsettled = [name for name in waiting if self.swarm.look(name) in UNSETTLED]
            waiting = unsettled
            time.sleep(0.2)
        for index, name in enumerate(self.swarm.told):
            state = self.swarm.look(name, with_file=index % 10 == 0)
            states[state] = states.get(state, 0) + 1
        return states, time.monotonic() - began

    def report(self, verdict, states, stopped, seconds, drained):
        told = len(self.swarm.told)
        failed = [name for name, number in verdict['violations'].items() if number not in (0, 'not exercised')]
        failed += ['unexpected answers'] if self.swarm.unexpected else []
        failed += ['not everything was acknowledged'] if told != self.documents else []
        failed += ['not everything was authorized'] if states != {'AUTORIZADO': told} else []
        failed += ['no orderly stop'] if any(stopped) else []
        failed += ['no node ever woke too late'] if self.freezes >= 100 and not self.steps_refused() else []
        return {'nodes': NODES, 'documents': told, 'kills': self.killed, 'freezes_longer_than_a_lease': self.frozen,
                'steps_refused_to_the_late': self.steps_refused(), 'seconds': round(seconds, 1), 'seconds_draining': round(drained, 1), 'estados': states,
                'faults_met': faults_met(self.world.ledger()), **verdict, 'unexpected': self.swarm.unexpected[:3],
                'failed': failed, 'directory': self.world.path}
