"""Clients that do not give up, and write down what they sent and what they were told."""
import copy, datetime, json, os, random, threading, time

from world import NO_ANSWER, ROOT, RUC, call, sha256

SAMPLES = {'invoices': 'plain', 'retentions': 'income-tax-and-vat', 'ats-retentions': 'invoice', 'credit-notes': 'return',
           'debit-notes': 'interest', 'waybills': 'one-recipient', 'purchase-settlements': 'goods'}
COLLECTIONS = list(SAMPLES)
# Half of what a business sends are invoices.
WEIGHTS = [6, 1, 1, 1, 1, 1, 1]
POINTS = {'key': '002', 'auto': '003', 'number': '004'}


def sample(collection):
    with open(os.path.join(ROOT, 'examples', collection, SAMPLES[collection] + '.json'), encoding='utf-8') as file:
        body = json.load(file)
    today = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=5)).date()
    body['emisor']['ruc'] = RUC
    for name, value in (('fecha_emision', None), ('periodo_fiscal', today.strftime('%m/%Y')),
                        ('fecha_inicio_transporte', today.isoformat()), ('fecha_fin_transporte', today.isoformat())):
        if name in body:
            body[name] = value
            if value is None:
                del body[name]
    return body


class Intent:
    """One document that somebody wants, made from a seed alone: a run that goes on knows it again."""
    bodies = {name: sample(name) for name in COLLECTIONS}

    def __init__(self, seed, index, collection=None):
        dice = random.Random('%d/%d' % (seed, index))
        self.name = 'i%d' % index
        self.collection = collection or dice.choices(COLLECTIONS, WEIGHTS)[0]
        self.way = dice.choices(['key', 'auto', 'number'], [55, 30, 15])[0]
        # Both withholdings are one type: they share its numbers.
        self.point = POINTS[self.way]
        sequential = 'auto' if self.way == 'auto' else index + 1
        body = copy.deepcopy(self.bodies[self.collection])
        body['secuencial'] = sequential
        body['emisor']['establecimiento'].update(codigo='001', punto_emision=self.point)
        body['external_id'] = self.name
        self.body = json.dumps(body)
        self.number = '001-%s-auto' % self.point if self.way == 'auto' else '001-%s-%09d' % (self.point, sequential)
        # A request without a key is safe to repeat only under its own number.
        self.key = None if self.way == 'number' else 'proof-%d-%d-%s' % (seed, index, sha256('%d' % index)[:8])
        self.repeats, self.looks = dice.random() < 0.15, dice.random() < 0.3


class Record:
    """A file of lines, each complete before anybody relies on it."""

    def __init__(self, path):
        self.file, self.lock = open(path, 'ab', buffering=0), threading.Lock()

    def write(self, **line):
        with self.lock:
            self.file.write((json.dumps(line) + '\n').encode())

    @staticmethod
    def told_before(path):
        """Id by intent from a former run."""
        told = {}
        if os.path.exists(path):
            for line in open(path, encoding='utf-8'):
                if line.endswith('\n') and '"told"' in line:
                    line = json.loads(line)
                    told[line['intent']] = (line['collection'], line['id'])
        return told


class Swarm:
    """`ports` is asked for each request: servers come and go."""

    def __init__(self, world, ports, record, seed):
        self.world, self.ports, self.record, self.seed = world, ports, record, seed
        self.told, self.unexpected, self.retries, self.told_to_wait = {}, [], 0, 0

    def work(self, indexes):
        for index in indexes:
            intent = Intent(self.seed, index)
            if intent.name not in self.told:
                self.issue(intent)
            if self.unexpected:
                return

    def issue(self, intent):
        self.record.write(kind='sent', intent=intent.name, collection=intent.collection, number=intent.number,
                          key=intent.key, sent=sha256(intent.body))
        again = 2 if intent.repeats and intent.key else 1
        while again and not self.unexpected:
            again -= self.ask_once(intent)
        if intent.looks and not self.unexpected:
            self.look(intent.name)

    def ask_once(self, intent):
        headers = self.world.headers()
        if intent.key:
            headers['Idempotency-Key'] = intent.key
        try:
            status, body = call(self.ports(), 'POST', '/%s/issue' % intent.collection, headers, intent.body,
                                keep=True)
            answer = json.loads(body)
        except (*NO_ANSWER, ValueError):
            status, answer = None, None
        if status == 200:
            number = '%s-%s-%09d' % ('001', intent.point, int(answer['secuencial']))
            self.tell(intent, answer['id'], access_key=answer['clave_acceso'], number=number, body=sha256(body))
        elif status == 400 and not intent.key and answer.get('parameter') == 'secuencial':
            # An earlier try was stored and its answer lost: the refusal names the document.
            self.tell(intent, next(w.strip('.,') for w in answer['details'].split() if len(w.strip('.,')) == 32))
        elif status is None or status in (429, 503):
            self.retries += status != 429
            self.told_to_wait += status == 429
            time.sleep(0.2 if status == 429 else 0.05)
            return 0
        else:
            self.unexpected.append((intent.name, intent.collection, status, answer))
        return 1

    def tell(self, intent, identity, **more):
        self.record.write(kind='told', intent=intent.name, collection=intent.collection, id=identity, **more)
        self.told[intent.name] = (intent.collection, identity)

    def look(self, name, with_file=False):
        """What a client sees of its document; None where no answer comes."""
        collection, identity = self.told[name]
        try:
            port = self.ports()
            status, body = call(port, 'GET', '/%s/%s' % (collection, identity), self.world.headers(), keep=True)
            if status != 200:
                if status not in (429, 503):
                    self.unexpected.append((name, collection, status, body[:300]))
                return None
            seen, signed = json.loads(body), None
            if with_file and seen['estado'] == 'AUTORIZADO':
                signed = signed_file(call(port, 'GET', '/ver/%s/xml' % identity, keep=True)[1])
        except (*NO_ANSWER, ValueError):
            return None
        self.record.write(kind='seen', intent=name, id=identity, access_key=seen['clave_acceso'], estado=seen['estado'],
                          signed=signed)
        return seen['estado']


def signed_file(authorized):
    """The hash of the document inside the authority's envelope."""
    _, rest = authorized.split(b'<![CDATA[', 1)
    return sha256(rest.split(b']]></comprobante>', 1)[0])
