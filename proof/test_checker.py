#!/usr/bin/env python3
"""Plants one violation in a faultless history and expects the checker to name exactly that invariant.

    python3 proof/test_checker.py
"""
import copy, hashlib, json, os, sqlite3, subprocess, sys, tempfile, unittest

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'checker.py')


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def key(number, code='12345678'):
    """An access key as far as the checker looks: date, type, RUC, environment, number, code, rest."""
    return '2111202601' + '1799999990001' + '1' + number.replace('-', '') + code + '11'


class History:
    """Two documents: one went well, one was refused by the authority after a lost answer."""

    def __init__(self):
        good, bad = '001-002-000000001', '001-002-000000002'
        self.documents = [self.document(1, good, 6, 1), self.document(2, bad, 7, 2)]
        self.blobs = [[1, 0, 2, '<a/>'], [1, 0, 3, 'AUTORIZADO ' + key(good)], [2, 0, 2, '<b/>']]
        self.events = [[1, n, 0, stage, kind, 100 + n, evidence] for n, (stage, kind, evidence) in enumerate([
            (1, 'stored', 0), (1, 'signed', 0), (2, 'submission_started', 0), (4, 'reception_confirmed', 1),
            (6, 'authorized', 0)], 1)]
        self.events += [[2, n, 0, stage, kind, 100 + n, evidence] for n, (stage, kind, evidence) in enumerate([
            (1, 'stored', 0), (1, 'signed', 0), (2, 'submission_started', 0), (3, 'no_answer', 0), (3, 'not_found', 1),
            (2, 'submission_started', 0), (4, 'reception_confirmed', 1), (7, 'not_authorized', 1)], 1)]
        self.documents[1]['events'] = 8
        self.ledger = [
            self.line('recepcion', good, 'RECIBIDA', '<a/>', 'AUTORIZADO'), self.line('autorizacion', good, 'AUTORIZADO'),
            self.line('recepcion', bad, 'PERDIDA', '<b/>'), self.line('autorizacion', bad, 'SIN RESULTADO'),
            self.line('recepcion', bad, 'RECIBIDA', '<b/>', 'NO AUTORIZADO'),
            self.line('autorizacion', bad, 'NO AUTORIZADO')]
        self.clients = []
        for name, number, identity in (('i1', good, 'aa01'), ('i2', bad, 'aa02')):
            self.clients.append({'kind': 'sent', 'intent': name, 'number': number, 'key': 'k' + name})
            told = {'kind': 'told', 'intent': name, 'id': identity, 'access_key': key(number), 'number': number, 'body': 'B'}
            self.clients += [told, dict(told)]
        self.clients.append({'kind': 'seen', 'intent': 'i1', 'id': 'aa01', 'access_key': key(good),
                             'estado': 'AUTORIZADO', 'signed': sha('<a/>')})
        self.webhooks = [{'document': d, 'event': e, 'webhook_id': 'w' + d}
                         for d, e in (('aa01', 'authorized'), ('aa02', 'refused'), ('aa02', 'refused'))]
        self.mails = [{'document': 'aa01', 'recipient': 'a@correo.example', 'purpose': 'authorized', 'message_id': 'm1'}] * 2

    @staticmethod
    def document(number, name, stage, submissions):
        establishment, point, sequential = name.split('-')
        return {'document_id': number, 'id': 'aa0%d' % number, 'issuer': 1, 'environment': 1, 'document_type': '01',
                'establishment': establishment, 'point': point, 'sequential': int(sequential), 'access_key': key(name),
                'revision': 0, 'stage': stage, 'submissions': submissions, 'events': 5}

    @staticmethod
    def line(service, number, answer, data=None, decision=None):
        line = {'service': service, 'access_key': key(number), 'answer': answer}
        line.update({'sha256': sha(data)} if data else {}, **({'decision': {'state': decision}} if decision else {}))
        return line

    def verdict(self, directory, nodes=1):
        base = sqlite3.connect(os.path.join(directory, 'tagua.db'))
        names = list(self.documents[0])
        base.execute('CREATE TABLE document (%s)' % ', '.join(names))
        base.execute('CREATE TABLE event (document, ordinal, revision, stage, kind, at, evidence)')
        base.execute('CREATE TABLE blob (document, revision, part, data)')
        for document in self.documents:
            values = [bytes.fromhex(v) if n == 'id' else v for n, v in document.items()]
            base.execute('INSERT INTO document VALUES (%s)' % ', '.join('?' * len(names)), values)
        for *event, evidence in self.events:
            base.execute('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)', (*event, b'x' if evidence else None))
        base.executemany('INSERT INTO blob VALUES (?, ?, ?, ?)', [(*b[:3], b[3].encode()) for b in self.blobs])
        base.commit()
        base.close()
        for name in ('ledger', 'clients', 'webhooks', 'mails'):
            with open(os.path.join(directory, name), 'w') as file:
                file.writelines(json.dumps(line) + '\n' for line in getattr(self, name))
                file.write('{"torn')
        at = lambda name: os.path.join(directory, name)
        ran = subprocess.run([sys.executable, CHECKER, '--ledger', at('ledger'), '--clients', at('clients'), '--database',
                              at('tagua.db'), '--webhooks', at('webhooks'), '--mails', at('mails'), '--nodes', str(nodes)],
                             capture_output=True, text=True)
        if ran.returncode not in (0, 1) or not ran.stdout:
            raise AssertionError(ran.stderr)
        verdict = json.loads(ran.stdout)
        assert (ran.returncode == 1) == any(verdict['violations'].values())
        return {name for name, count in verdict['violations'].items() if count}


def lose(h):
    """What was acknowledged is gone, and everything that hung on it."""
    h.documents.pop()
    h.events, h.blobs = [e for e in h.events if e[0] == 1], [b for b in h.blobs if b[0] == 1]
    h.ledger, h.webhooks = h.ledger[:2], h.webhooks[:1]


def other_key_told(h):
    h.clients[1]['access_key'] = key('001-002-000000001', '87654321')


def renumbered(h):
    for line in h.clients:
        if line['intent'] == 'i1':
            line['number'] = '001-002-000000009'


def asked_for_another_number(h):
    h.clients[0]['number'] = '001-002-000000009'


def number_twice(h):
    """Under another key: the third was authorized by nobody, and never sent."""
    twin = dict(h.documents[0], document_id=3, id='aa03', access_key=key('001-002-000000001', '87654321'), stage=0,
                submissions=0, events=1)
    h.documents.append(twin)
    h.events.append([3, 1, 0, 0, 'stored', 100, 0])
    h.clients += [{'kind': 'sent', 'intent': 'i3', 'number': '001-002-000000001', 'key': 'k3'},
                  {'kind': 'told', 'intent': 'i3', 'id': 'aa03'}]


def key_of_another_number(h):
    wrong = key('001-002-000000009')
    old, h.documents[0]['access_key'] = h.documents[0]['access_key'], wrong
    for line in h.ledger + h.clients:
        if line.get('access_key') == old:
            line['access_key'] = wrong
    h.blobs[1][3] = 'AUTORIZADO ' + wrong


def two_documents(h):
    extra = dict(h.documents[0], document_id=3, id='aa03', sequential=3, access_key=key('001-002-000000003'), stage=0,
                 submissions=0, events=1)
    h.documents.append(extra)
    h.events.append([3, 1, 0, 0, 'stored', 100, 0])
    h.clients[0]['number'] = '001-002-auto'
    h.clients.append({'kind': 'told', 'intent': 'i1', 'id': 'aa03', 'body': 'B'})


def nobody_asked_for_it(h):
    h.documents.append(dict(h.documents[0], document_id=3, id='aa03', sequential=3, access_key=key('001-002-000000003'),
                            stage=0, submissions=0, events=1))
    h.events.append([3, 1, 0, 0, 'stored', 100, 0])


def other_answer(h):
    h.clients[2]['body'] = 'C'


def one_document_for_two(h):
    h.clients += [{'kind': 'sent', 'intent': 'i3', 'number': '001-002-auto', 'key': 'k3'},
                  {'kind': 'told', 'intent': 'i3', 'id': 'aa01'}]


def authorized_twice(h):
    h.ledger.append(h.line('recepcion', '001-002-000000001', 'RECIBIDA', '<c/>', 'AUTORIZADO'))
    h.ledger[-1]['access_key'] = key('001-002-000000001', '87654321')


def phantom(h):
    h.ledger.append(h.line('recepcion', '001-002-000000009', 'RECIBIDA', '<c/>'))


def unasked(h):
    h.ledger.pop(3)


def asked_and_not_answered(h):
    h.ledger[3]['answer'] = 'PERDIDA'


def no_answer_kept(h):
    h.blobs.pop(1)


def answer_of_another(h):
    h.blobs[1][3] = 'AUTORIZADO ' + key('001-002-000000009')


def invented(h):
    h.ledger[0].pop('decision')


def shown_too_early(h):
    """The client saw it, the database does not know it."""
    h.clients.append({'kind': 'seen', 'intent': 'i2', 'id': 'aa02', 'estado': 'AUTORIZADO'})


def falsely_refused(h):
    h.ledger[4]['decision']['state'] = 'AUTORIZADO'


def refused_unasked(h):
    h.ledger.pop()


def other_bytes_sent(h):
    h.ledger[2]['sha256'] = sha('<other/>')


def other_bytes_authorized(h):
    h.blobs[0][3] = '<other/>'
    h.clients[-1]['signed'] = sha('<other/>')


def other_file_handed_out(h):
    h.clients[-1]['signed'] = sha('<other/>')


def no_file(h):
    h.blobs.pop()
    for line in (h.ledger[2], h.ledger[4]):
        line.pop('sha256')


def never_announced(h):
    h.webhooks.pop(0)


def announced_twice(h):
    h.webhooks[-1]['webhook_id'] = 'other'


def mailed_twice(h):
    h.mails.append(dict(h.mails[0], message_id='m2'))


def event_missing(h):
    h.events.pop(2)


def last_event_missing(h):
    h.events.pop()
    h.documents[1]['events'] -= 1


def no_evidence(h):
    h.events[3][6] = 0


def out_of_order(h):
    h.events[4][5] = 1


def submission_uncounted(h):
    h.documents[1]['submissions'] = 1


def sent_without_mark(h):
    """The last question is repeated as well: asked before it was sent again."""
    h.ledger[4:4] = [h.line('recepcion', '001-002-000000002', 'PERDIDA', '<b/>'),
                     h.line('autorizacion', '001-002-000000002', 'SIN RESULTADO')]


def impossible_step(h):
    """Sent, refused and done in one step: `submitting` leads nowhere final without a question."""
    h.events[12][3], h.documents[1]['stage'] = 5, 5


def unfinished(h):
    h.documents[1].update(stage=4, events=7)
    h.events.pop()


PLANTED = [
    ('L1', lose), ('L1', other_key_told), ('L2', renumbered), ('L2', asked_for_another_number), ('L2', number_twice),
    ('L2', key_of_another_number), ('L3', two_documents), ('L3', nobody_asked_for_it), ('L3', other_answer),
    ('L3', one_document_for_two), ('L3', authorized_twice), ('L3', phantom), ('L3', unasked),
    ('L3', asked_and_not_answered), ('L4', no_answer_kept), ('L4', answer_of_another), ('L4', invented),
    ('L4', shown_too_early), ('L5', falsely_refused), ('L5', refused_unasked), ('L6', other_bytes_sent),
    ('L6', other_bytes_authorized), ('L6', other_file_handed_out), ('L6', no_file), ('L7', never_announced),
    ('L7', announced_twice), ('L8', mailed_twice), ('L13', event_missing), ('L13', last_event_missing),
    ('L13', no_evidence), ('L13', out_of_order), ('L13', submission_uncounted), ('L13', sent_without_mark),
    ('L13', impossible_step), ('L14', unfinished),
]


class Planted(unittest.TestCase):
    def verdict(self, plant=None, nodes=1):
        history = copy.deepcopy(History())
        if plant:
            plant(history)
        with tempfile.TemporaryDirectory() as directory:
            return history.verdict(directory, nodes)

    def test_a_faultless_history_has_no_violation(self):
        self.assertEqual(self.verdict(), set())

    def test_each_violation_is_named(self):
        for invariant, plant in PLANTED:
            with self.subTest(plant.__name__):
                self.assertEqual(self.verdict(plant), {invariant})

    def test_a_node_that_slept_may_send_the_same_bytes_again(self):
        self.assertEqual(self.verdict(unasked, nodes=3), set())

    def test_every_invariant_has_a_violation(self):
        with open(CHECKER) as file:
            invariants = next(line for line in file if line.startswith('INVARIANTS'))
        self.assertEqual({invariant for invariant, _ in PLANTED}, set(eval(invariants.split('=')[1])))


if __name__ == '__main__':
    unittest.main()
