#!/usr/bin/env python3
"""Compares what clients were told, what the database holds and what the authority
wrote down, and names each invariant that does not hold.

    checker.py --ledger ledger.jsonl --clients clients.jsonl --database tagua.db|postgres://... [--nodes N]

Standard library only; shares no code with the server, nor with what drives it.
The invariants (what each line of the answer means):
  L1  what was acknowledged exists, as it was acknowledged
  L2  one number names one document, and nobody renumbers
  L3  one intent: one document, one access key, one authorization; never sent again unasked
  L4  authorized only with the authority's own answer about this key
  L5  no final refusal over an authorization, and none without having asked
  L6  one signed file per revision: sent, stored and handed out are byte-equal
  L7  every final state was announced, always under the same id
  L8  no message twice to one recipient for one purpose, unless under the same Message-ID
  L13 every change has its event; the state is the fold of the events
  L14 nothing is left unfinished
"""
import argparse, collections, csv, hashlib, json, os, sqlite3, subprocess, sys

INVARIANTS = ('L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L13', 'L14')
CREATED, SIGNED, SUBMITTING, UNKNOWN, RECEIVED, RETURNED, AUTHORIZED, NOT_AUTHORIZED, ATTENTION = range(9)
FINAL = {CREATED, RETURNED, AUTHORIZED, NOT_AUTHORIZED, ATTENTION}
# Which stage may follow which. Written down here from the protocol, not read from the server.
MAY_FOLLOW = {
    SIGNED: {SUBMITTING, SIGNED, ATTENTION},
    SUBMITTING: {SIGNED, RECEIVED, UNKNOWN, AUTHORIZED, NOT_AUTHORIZED, ATTENTION, SUBMITTING},
    UNKNOWN: {SUBMITTING, RECEIVED, UNKNOWN, RETURNED, AUTHORIZED, NOT_AUTHORIZED, ATTENTION},
    RECEIVED: {SUBMITTING, RECEIVED, AUTHORIZED, NOT_AUTHORIZED, ATTENTION},
    # A person corrects: the next revision starts over.
    CREATED: {CREATED, SIGNED, RETURNED}, RETURNED: {CREATED, SIGNED, RETURNED},
    NOT_AUTHORIZED: {CREATED, SIGNED, RETURNED}, ATTENTION: {CREATED, SIGNED, RETURNED}, AUTHORIZED: set(),
}
# Events that follow from an answer of the authority, which must be kept beside them.
WITH_EVIDENCE = {'reception_confirmed', 'already_registered', 'refused', 'refused_sequential_taken',
                 'refused_daily_limit', 'not_authorized', 'not_found', 'in_process', 'authorized_other_bytes'}


def lines(path):
    """A torn last line is what a kill leaves of a record that nobody relied on."""
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.endswith('\n'):
                yield json.loads(line)


class Counted:
    """Lines that are read once and not kept: of 100,000 documents there are a million."""

    def __init__(self, lines):
        self.lines, self.count = lines, 0

    def __iter__(self):
        for line in self.lines:
            self.count += 1
            yield line


class Database:
    """Documents, events and hashes of files, read without the server's help."""

    def __init__(self, place):
        self.place = place
        columns = ('document_id', 'id', 'issuer', 'environment', 'document_type', 'establishment', 'point',
                   'sequential', 'access_key', 'revision', 'stage', 'submissions', 'events')
        self.documents = {int(row[0]): dict(zip(columns, self.typed(row)))
                          for row in self.rows('SELECT document_id, HEX(id), %s FROM document' % ', '.join(columns[2:]))}
        self.events = collections.defaultdict(list)
        for document, ordinal, revision, stage, kind, at, evidence in self.rows(
                "SELECT document, ordinal, revision, stage, kind, at, CASE WHEN evidence IS NULL THEN 0 ELSE 1 END "
                "FROM event ORDER BY document, ordinal"):
            self.events[int(document)].append((int(ordinal), int(revision), int(stage), sys.intern(kind), int(at), int(evidence)))
        self.signed, self.answers = collections.defaultdict(dict), {}
        for document, revision, part, data in self.rows(
                'SELECT document, revision, part, HEX(data) FROM blob WHERE part IN (2, 3) ORDER BY document'):
            data = bytes.fromhex(data)
            if int(part) == 2:
                self.signed[int(document)][int(revision)] = hashlib.sha256(data).hexdigest()
            else:
                key = self.documents[int(document)]['access_key']
                self.answers[int(document)] = b'AUTORIZADO' in data and key.encode() in data

    @staticmethod
    def typed(row):
        return [value if index in (1, 4, 5, 6, 8) else int(value) for index, value in enumerate(
            (row[0], row[1].lower(), *row[2:]))]

    def rows(self, query):
        if not self.place.startswith('postgres'):
            base = sqlite3.connect('file:%s?mode=ro' % self.place, uri=True)
            yield from base.execute(query)
            base.close()
            return
        query = query.replace('HEX(id)', "encode(id, 'hex')").replace('HEX(data)', "encode(data, 'hex')")
        csv.field_size_limit(1 << 30)
        copy = subprocess.Popen(['psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-c', 'COPY (%s) TO STDOUT (FORMAT csv)' % query,
                                 self.place], stdout=subprocess.PIPE, text=True)
        yield from csv.reader(copy.stdout)
        if copy.wait() != 0:
            raise SystemExit('psql failed')


class Checker:
    def __init__(self, ledger, clients, database, nodes=1, webhooks=None, mails=None):
        self.ledger, self.clients, self.base, self.nodes = Counted(ledger), Counted(clients), database, nodes
        self.webhooks, self.mails = webhooks, mails
        self.found = collections.defaultdict(list)
        self.by_id = {d['id']: d for d in database.documents.values()}
        self.by_key = {d['access_key']: d for d in database.documents.values()}
        self.submitted, self.asked = collections.defaultdict(list), collections.defaultdict(list)
        self.authorized = collections.defaultdict(list)
        for index, entry in enumerate(self.ledger):
            key = entry.get('access_key')
            if entry['service'] == 'recepcion':
                self.submitted[key].append((index, entry.get('sha256'), sys.intern(entry['answer'])))
            else:
                self.asked[key].append((index, sys.intern(entry['answer'])))
            if entry.get('decision', {}).get('state') == 'AUTORIZADO':
                self.authorized[key].append(entry.get('sha256'))

    def fail(self, invariant, text):
        self.found[invariant].append(text)

    def run(self):
        self.intents()
        self.numbers()
        self.the_ledger()
        for number, document in self.base.documents.items():
            self.states(document, number)
            self.files(document, number)
            self.history(document, number)
        self.announcements()
        self.messages()
        return self.found

    def intents(self):
        told, wanted, answers = {}, {}, collections.defaultdict(set)
        for line in self.clients:
            intent = line['intent']
            if line['kind'] == 'sent':
                wanted[intent] = line
                continue
            document = self.by_id.get(line['id'])
            if document is None:
                self.fail('L1', '%s was told of %s, which does not exist' % (intent, line['id']))
                continue
            if line.get('access_key') not in (None, document['access_key']):
                self.fail('L1', '%s was told key %s, stored is %s' % (line['id'], line['access_key'], document['access_key']))
            if told.setdefault(intent, line['id']) != line['id']:
                self.fail('L3', '%s made two documents: %s and %s' % (intent, told[intent], line['id']))
            if line['kind'] == 'told' and line.get('body'):
                answers[intent].add(line['body'])
            if line.get('estado') == 'AUTORIZADO' and not self.authorized[document['access_key']]:
                self.fail('L4', '%s was shown as authorized; the authority has no such thing' % line['id'])
            if line.get('estado') == 'AUTORIZADO' and document['stage'] != AUTHORIZED:
                self.fail('L4', '%s was shown as authorized and is in stage %d' % (line['id'], document['stage']))
            if line.get('signed') and line['signed'] not in self.base.signed[document['document_id']].values():
                self.fail('L6', '%s: the file handed out is not the stored one' % line['id'])
            if line.get('number') and line['number'] != self.number(document):
                self.fail('L2', '%s was told number %s, stored is %s' % (line['id'], line['number'], self.number(document)))
        for intent, answered in answers.items():
            if len(answered) > 1 and wanted[intent].get('key'):
                self.fail('L3', '%s: one key, %d different answers' % (intent, len(answered)))
        for intent, line in wanted.items():
            document = self.by_id.get(told.get(intent))
            if document and line['number'] != self.number(document) and not line['number'].endswith('auto'):
                self.fail('L2', '%s asked for %s and got %s' % (intent, line['number'], self.number(document)))
        owners = collections.Counter(told.values())
        for identity, count in owners.items():
            if count > 1:
                self.fail('L3', '%s answers for %d intents' % (identity, count))
        unknown = set(self.by_id) - set(told.values())
        for identity in unknown:
            self.fail('L3', '%s was asked for by nobody' % identity)

    @staticmethod
    def number(document):
        return '%(establishment)s-%(point)s-%(sequential)09d' % document

    def numbers(self):
        names = collections.Counter((d['issuer'], d['environment'], d['document_type'], self.number(d))
                                    for d in self.base.documents.values())
        for name, count in names.items():
            if count > 1:
                self.fail('L2', '%s names %d documents' % (name, count))
        for document in self.base.documents.values():
            key = document['access_key']
            if key[24:39] != self.number(document).replace('-', ''):
                self.fail('L2', '%s has key %s and number %s' % (document['id'], key, self.number(document)))

    def the_ledger(self):
        by_number = collections.Counter(key[8:39] for key in self.authorized for _ in self.authorized[key])
        for number, count in by_number.items():
            if count > 1:
                self.fail('L3', '%s was authorized %d times' % (number, count))
        # Of a request that a kill cut off the authority read no key.
        for key, sent in ((key, sent) for key, sent in self.submitted.items() if key is not None):
            if key not in self.by_key:
                self.fail('L3', '%s was submitted and no document has it' % key)
            for (before, _, _), (after, _, _) in zip(sent, sent[1:]):
                # A node that slept through its lease may wake and send: harmless, and not counted.
                if self.nodes == 1 and not any(before < i < after and a == 'SIN RESULTADO' for i, a in self.asked[key]):
                    self.fail('L3', '%s was sent again before the authority said that it has none' % key)

    def states(self, document, number):
        key, stage, name = document['access_key'], document['stage'], document['id']
        if stage == AUTHORIZED and not self.base.answers.get(number):
            self.fail('L4', '%s is authorized without the answer that says so' % name)
        if stage == AUTHORIZED and not self.authorized[key]:
            self.fail('L4', '%s is authorized here and not there' % name)
        if stage in (RETURNED, NOT_AUTHORIZED):
            if self.authorized[key]:
                self.fail('L5', '%s is refused here and authorized there' % name)
            last = max((index for index, _, _ in self.submitted[key]), default=None)
            if last is not None and not any(index > last for index, _ in self.asked[key]):
                self.fail('L5', '%s is refused and nobody asked' % name)
        if stage not in FINAL:
            self.fail('L14', '%s is left in stage %d' % (name, stage))

    def files(self, document, number):
        stored, key = self.base.signed.get(number, {}), document['access_key']
        for _, sent, _ in self.submitted[key]:
            if sent is not None and sent not in stored.values():
                self.fail('L6', '%s: bytes were sent that are not stored' % document['id'])
        for accepted in self.authorized[key]:
            if accepted not in stored.values():
                self.fail('L6', '%s: other bytes were authorized than are stored' % document['id'])
        if document['stage'] not in (CREATED, RETURNED) and document['revision'] not in stored:
            self.fail('L6', '%s has no signed file' % document['id'])

    def history(self, document, number):
        events, name = self.base.events.get(number, []), document['id']
        if [event[0] for event in events] != list(range(1, document['events'] + 1)):
            self.fail('L13', '%s: events are missing' % name)
            return
        if not events or events[-1][2] != document['stage'] or events[-1][1] != document['revision']:
            self.fail('L13', '%s: the last event is of another state' % name)
        submissions = started = 0
        for before, event in zip([None] + events, events):
            (_, revision, stage, kind, at, evidence) = event
            started += kind == 'submission_started'
            if kind in WITH_EVIDENCE and not evidence and stage != AUTHORIZED:
                self.fail('L13', '%s: %s without what the authority said' % (name, kind))
            if before is None:
                continue
            if before[1] != revision:
                submissions = 0
            elif before[2] != stage or before[2] in MAY_FOLLOW:
                self.follows(name, before, event)
            left = before[2] == SUBMITTING and stage != SUBMITTING and kind != 'not_sent'
            submissions += left
        if submissions != document['submissions']:
            self.fail('L13', '%s counts %d submissions, its events %d' % (name, document['submissions'], submissions))
        if len(self.submitted[document['access_key']]) > started:
            self.fail('L13', '%s reached the authority more often than it set out' % name)

    def follows(self, name, before, event):
        born_together = before[3] in ('created', 'accepted', 'signed', 'completed') and event[4] == before[4]
        if event[2] not in MAY_FOLLOW[before[2]] and not born_together and event[2] != before[2]:
            self.fail('L13', '%s went from stage %d to %d' % (name, before[2], event[2]))
        if event[4] < before[4] and self.nodes == 1:
            self.fail('L13', '%s: event %d is older than the one before' % (name, event[0]))

    def announcements(self):
        if self.webhooks is None:
            return
        names = collections.defaultdict(set)
        for line in self.webhooks:
            names[line['document'], line['event']].add(line['webhook_id'])
        for name, ids in names.items():
            if len(ids) > 1:
                self.fail('L7', '%s was announced under %d ids' % (name, len(ids)))
        announced = {document for document, _ in names}
        for document in self.base.documents.values():
            if document['stage'] in (RETURNED, AUTHORIZED, NOT_AUTHORIZED) and document['id'] not in announced:
                self.fail('L7', '%s was never announced' % document['id'])

    def messages(self):
        ids = collections.defaultdict(set)
        for line in self.mails or ():
            ids[line['document'], line['recipient'], line['purpose']].add(line['message_id'])
        for name, found in ids.items():
            if len(found) > 1:
                self.fail('L8', '%s got %d different messages' % (name, len(found)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--ledger', required=True)
    parser.add_argument('--clients', required=True)
    parser.add_argument('--database', required=True)
    parser.add_argument('--nodes', type=int, default=1)
    parser.add_argument('--webhooks')
    parser.add_argument('--mails')
    given = parser.parse_args()
    optional = {name: list(lines(getattr(given, name))) if getattr(given, name) else None for name in ('webhooks', 'mails')}
    checker = Checker(lines(given.ledger), lines(given.clients), Database(given.database), given.nodes, **optional)
    found = checker.run()
    verdict = {name: len(found[name]) for name in INVARIANTS}
    for name, source in (('L7', given.webhooks), ('L8', given.mails)):
        if not source:
            verdict[name] = 'not exercised'
    counts = {'documents': len(checker.base.documents), 'ledger': checker.ledger.count,
              'submissions': sum(map(len, checker.submitted.values())),
              'authorizations': sum(map(len, checker.authorized.values())), 'client_lines': checker.clients.count,
              'stages': dict(collections.Counter(d['stage'] for d in checker.base.documents.values()))}
    examples = {name: texts[:3] for name, texts in found.items() if texts}
    print(json.dumps({'violations': verdict, 'counts': counts, 'examples': examples}, ensure_ascii=False))
    sys.exit(1 if examples else 0)


if __name__ == '__main__':
    main()
