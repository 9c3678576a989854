"""Many keys, each sent by many clients at the same moment: one document and one answer for each key."""
import collections, json, threading, time

from swarm import Intent, Record
from world import NO_ANSWER, World, call, check, free_port, sha256


def run(tagua, keys, at_once, seed, base=None):
    world, keep = World(tagua, None, base).prepare(), True
    try:
        world.start_simulator()
        port = free_port()
        server = world.start_server(port)
        trial = Trial(world, port, keys, at_once, seed)
        trial.run()
        stopped = server.stop()
        world.simulator.stop()
        result = trial.report(check(world, trial.clients), stopped)
        keep = bool(result['failed'])
        return result
    finally:
        world.close(keep)


class Trial:
    def __init__(self, world, port, keys, at_once, seed):
        self.world, self.port, self.at_once = world, port, at_once
        self.intents = [Intent(seed, index) for index in range(keys)]
        for intent in self.intents:
            intent.key = intent.key or 'proof-%s-%s' % (intent.name, seed)
        self.clients = world.at('clients.jsonl')
        self.record, self.answers, self.unexpected = Record(self.clients), collections.defaultdict(set), []
        self.requests, self.lock = 0, threading.Lock()

    def run(self):
        began = time.monotonic()
        barrier = threading.Barrier(self.at_once)
        lanes = [threading.Thread(target=self.lane, args=(barrier, number == 0)) for number in range(self.at_once)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        self.seconds = time.monotonic() - began
        self.misuse()
        self.wait_for_the_last()

    def lane(self, barrier, writes):
        for intent in self.intents:
            if writes:
                self.record.write(kind='sent', intent=intent.name, collection=intent.collection, number=intent.number,
                                  key=intent.key, sent=sha256(intent.body))
            barrier.wait()
            self.ask(intent)

    def ask(self, intent):
        headers = {**self.world.headers(), 'Idempotency-Key': intent.key}
        for _ in range(100):
            try:
                status, body = call(self.port, 'POST', '/%s/issue' % intent.collection, headers, intent.body, timeout=60)
                break
            except NO_ANSWER:
                time.sleep(0.05)
        with self.lock:
            self.requests += 1
            self.answers[intent.name].add(body)
            if status != 200:
                self.unexpected.append((intent.name, status, body.decode()[:300]))
                return
        answer = json.loads(body)
        number = '001-%s-%09d' % (intent.point, int(answer['secuencial']))
        self.record.write(kind='told', intent=intent.name, id=answer['id'], access_key=answer['clave_acceso'],
                          number=number, body=sha256(body))

    def misuse(self):
        """The same key with another body is refused, and makes nothing."""
        for intent in self.intents[:20]:
            headers = {**self.world.headers(), 'Idempotency-Key': intent.key}
            other = intent.body.replace('"secuencial": ', '"secuencial":  ')
            status, body = call(self.port, 'POST', '/%s/issue' % intent.collection, headers, other)
            if status != 400 or b'Idempotency-Key' not in body:
                self.unexpected.append((intent.name, status, body.decode()[:300]))

    def wait_for_the_last(self):
        """Nothing is under way when the simulator is stopped."""
        for _ in range(600):
            with open(self.world.ledger(), encoding='utf-8') as file:
                if sum('"decision"' in line for line in file) >= len(self.intents):
                    time.sleep(1)
                    return
            time.sleep(0.1)

    def report(self, verdict, stopped):
        different = [name for name, answers in self.answers.items() if len(answers) != 1]
        documents = verdict['counts']['documents']
        failed = [name for name, number in verdict['violations'].items() if number not in (0, 'not exercised')]
        failed += ['different answers'] if different else []
        failed += ['unexpected answers'] if self.unexpected else []
        failed += ['%d documents for %d keys' % (documents, len(self.intents))] if documents != len(self.intents) else []
        failed += ['no orderly stop'] if stopped != 0 else []
        return {'keys': len(self.intents), 'requests_at_once': self.at_once, 'requests': self.requests,
                'documents': documents, 'keys_with_different_answers': len(different), 'seconds': round(self.seconds, 1),
                **verdict, 'unexpected': self.unexpected[:3], 'failed': failed, 'directory': self.world.path}
