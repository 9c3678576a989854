"""Deliberate mistakes in the rules: each is made in a copy of the working tree, and a named suite must notice.

A mutant that the compiler refuses counts as not caught: it would say nothing about the tests.
"""
import datetime, json, os, shutil, signal, subprocess, tempfile, time

from world import ROOT

PIPELINE = ['-p', 'tagua-pipeline', '--test', 'pipeline']
STORE = ['-p', 'tagua-store', '--test', 'sqlite']
CRASH = ['-p', 'tagua-store', '--test', 'crash']
SRI = ['-p', 'tagua-sri']
SERVER = ['-p', 'tagua-server', '--test', 'http']
POSTGRES = ['-p', 'tagua-postgres', '--test', 'postgres']
TABLE, VERDICT = 'crates/pipeline/src/table.rs', 'crates/pipeline/src/verdict.rs'
ADVANCE, CODES = 'crates/pipeline/src/advance.rs', 'crates/sri/src/codes.rs'
ASK, RECORD, SUBMIT = ('crates/pipeline/src/advance/%s.rs' % name for name in ('ask', 'record', 'submit'))
CHANGES, WRITER = 'crates/store/src/sqlite/changes.rs', 'crates/store/src/sqlite/writer.rs'
JOBS, KEYS = 'crates/store/src/sqlite/jobs.rs', 'crates/server/src/keys.rs'

# A suite takes a minute where nothing is wrong with it.
HANG_SECONDS = int(os.environ.get('TAGUA_MUTANT_SECONDS', '300'))

# What is wrong, where, the text before, the text after, the suite that must notice.
MUTANTS = [
    ('43 and 70 are refusals', VERDICT, """            CodeMeaning::AlreadyRegistered | CodeMeaning::InProcessing
        )""", """            CodeMeaning::DailyLimit
        )""", PIPELINE),
    ('43 means that the content was refused', CODES, '(43, CodeMeaning::AlreadyRegistered)', '(43, CodeMeaning::Refused)', SRI),
    ('an unknown code is a refusal', CODES, '.map_or(CodeMeaning::ServerTrouble,', '.map_or(CodeMeaning::Refused,', SRI),
    ('50 is a refusal', CODES, '(50, CodeMeaning::ServerTrouble)', '(50, CodeMeaning::Refused)', SRI),
    ('a refusal is final without a question', TABLE,
     '(S::Submitting, E::Refused(_) | E::NoAnswer) => S::Unknown,',
     '(S::Submitting, E::Refused(_)) => S::Returned,\n        (S::Submitting, E::NoAnswer) => S::Unknown,', PIPELINE),
    ('a timeout is a refusal', TABLE, '(S::Submitting, E::Refused(_) | E::NoAnswer) => S::Unknown,',
     '(S::Submitting, E::Refused(_)) => S::Unknown,\n        (S::Submitting, E::NoAnswer) => S::Returned,', PIPELINE),
    ('a timeout means that nothing was sent', SUBMIT, 'Some(place) if !error.may_have_left() => (Event::NothingLeft',
     'Some(place) => (Event::NothingLeft', PIPELINE),
    ('a broken resend means that nothing was ever sent', SUBMIT, 'let first = document.stage == Stage::Signed;',
     'let first = document.stage != Stage::Authorized;', PIPELINE),
    ('every failed call is one that never left', 'crates/sri/src/client.rs',
     '!matches!(self, Self::NotConnected(_))', 'matches!(self, Self::Status { .. })', SRI),
    ('an interrupted submission is sent again unasked', TABLE,
     'Stage::Signed => Action::Submit,\n        Stage::Submitting | Stage::Unknown | Stage::Received => Action::Ask,',
     'Stage::Signed | Stage::Submitting => Action::Submit,\n        Stage::Unknown | Stage::Received => Action::Ask,',
     PIPELINE),
    ('an unanswered submission is sent again unasked', TABLE,
     'Stage::Signed => Action::Submit,\n        Stage::Submitting | Stage::Unknown | Stage::Received => Action::Ask,',
     'Stage::Signed | Stage::Unknown => Action::Submit,\n        Stage::Submitting | Stage::Received => Action::Ask,',
     PIPELINE),
    ('sent again at once after "not found"', ASK,
     '&& self.since_submission(document) >= pace.until_resend(document.submissions, received)', '&& received == received',
     PIPELINE),
    ('the table allows to send over an unconfirmed refusal', TABLE, '(S::Unknown, E::SubmissionStarted | E::GaveUp) if refusal.is_some()',
     '(S::Unknown, E::GaveUp) if refusal.is_some()', PIPELINE),
    ('sent without limit', ASK, '\n            && document.submissions < pace.max_submissions', '', PIPELINE),
    ('45 is final and blames the content', TABLE,
     'Some(Refusal::Content) => S::Returned,\n            Some(Refusal::SequentialTaken | Refusal::DailyLimit) => S::NeedsAttention,',
     'Some(Refusal::Content | Refusal::SequentialTaken) => S::Returned,\n            Some(Refusal::DailyLimit) => S::NeedsAttention,',
     PIPELINE),
    ('authorized over other bytes', VERDICT, 'Some(false) => Event::AuthorizedOtherBytes,',
     'Some(false) => Event::Authorized,', PIPELINE),
    ('authorized without naming the key', VERDICT, """        .filter(named)
        .max_by_key""", """        .max_by_key""", PIPELINE),
    ('any key in the answer will do', VERDICT,
     'found.number.as_deref() == Some(access_key) || answer.access_key.as_deref() == Some(access_key)',
     'found.number.is_some() || answer.access_key.as_deref() == Some(access_key)', PIPELINE),
    ('a refusal beside an authorization wins', VERDICT, """    if let Some(found) = of_state(AuthorizationState::Authorized)
        .filter(named)""", """    if of_state(AuthorizationState::NotAuthorized).next().is_none()
        && let Some(found) = of_state(AuthorizationState::Authorized)
        .filter(named)""", PIPELINE),
    ("an older revision's refusal judges the new one", VERDICT, '.or((revision == 0 && names_key(found, answer, access_key)).then_some(true))',
     '.or(names_key(found, answer, access_key).then_some(true))', PIPELINE),
    ('an undecided answer is a refusal', VERDICT, '_ if undecided => undecided_as(Event::InProcess),\n        Some(found)',
     'Some(found)', PIPELINE),
    ("the authority's own answer is not kept", ASK, 'Event::Authorized => vec![(BlobPart::Authorization, answer.raw.to_vec())],\n                _ => Vec::new(),',
     '_ => Vec::new(),', PIPELINE),
    ('evidence of a submission is not kept', SUBMIT, 'evidence: Some(answer.raw.to_vec()),\n            reception',
     'evidence: None,\n            reception', PIPELINE),
    ('a stale worker goes on', RECORD, 'return Ok(Flow::Leave);\n        };\n        tracing::info!(\n            document = %document.id,\n            access_key',
     'return Ok(Flow::Continue);\n        };\n        tracing::info!(\n            document = %document.id,\n            access_key', PIPELINE),
    ('gives up while the authority works', ASK, 'Event::InProcess => waited > pace.give_up_after,',
     'Event::InProcess => document.submissions > 0 || waited > pace.give_up_after,', PIPELINE),
    ('the next of a series does not wait for the one before', ADVANCE, 'turn.come().await;', 'let _ = turn;', PIPELINE),
    ('leases are not renewed', 'crates/pipeline/src/renewal.rs', 'self.renew(&documents).await;', 'self.renew(&[]).await;', PIPELINE),
    ('no compare-and-set', CHANGES, 'account, environment FROM document\n         WHERE id = ?1 AND version = ?2"',
     'account, environment FROM document\n         WHERE id = ?1 AND ?2 >= 0"', STORE),
    ('a correction overwrites what moved on', CHANGES, 'WHERE id = ?1 AND account = ?2 AND version = ?3 AND stage <> ?4',
     'WHERE id = ?1 AND account = ?2 AND ?3 >= 0 AND stage <> ?4', STORE),
    ('an authorized document can be replaced', CHANGES, 'WHERE id = ?1 AND account = ?2 AND version = ?3 AND stage <> ?4',
     'WHERE id = ?1 AND account = ?2 AND version = ?3 AND ?4 >= 0', STORE),
    ('the version does not change', CHANGES, 'UPDATE document SET stage = ?2, version = version + 1,',
     'UPDATE document SET stage = ?2, version = version,', STORE),
    ('new bytes over the old ones', CHANGES, "INSERT INTO blob (document, revision, part, codec, data)\n         VALUES (?1, ?2, ?3, ?4, ?5)",
     "INSERT OR REPLACE INTO blob (document, revision, part, codec, data)\n         VALUES (?1, ?2, ?3, ?4, ?5)", STORE),
    ('a part that exists is no reason to stop', CHANGES, 'Some(place) if has_any(connection, place, &transition.blobs)? => Ok(None),',
     'Some(place) if has_any(connection, place, &[])? => Ok(None),', STORE),
    ('the idempotency row is lost', CHANGES, 'idempotency::store(connection, new.account, row, idempotency)?;',
     'let _ = (row, idempotency, idempotency::store);', STORE),
    ('the idempotency row is not looked at', CHANGES, """pub(super) fn accept(connection: &Connection, new: &NewDocument) -> Result<Acceptance, StoreError> {
    if let Some(answer) = idempotency::repeated(connection, new)? {
        return Ok(Acceptance::Repeated(answer));
    }""", """pub(super) fn accept(connection: &Connection, new: &NewDocument) -> Result<Acceptance, StoreError> {""", STORE),
    ('one key for all accounts', 'crates/store/src/sqlite/idempotency.rs', 'WHERE idempotency.account = ?1 AND key = ?2 AND expires_at > ?3',
     'WHERE ?1 >= 0 AND key = ?2 AND expires_at > ?3', STORE),
    ('no event of a step', CHANGES, '    add_events(connection, place, std::slice::from_ref(&transition.event))?;\n', '', STORE),
    ('no job with an acceptance', CHANGES, '    jobs::schedule(connection, (row, place.queue), new.stage, new.job, new.at)?;\n', '', STORE),
    ('answered before the commit', WRITER, '-> Result<(), Lost> {\n    execute(connection, "BEGIN IMMEDIATE")?;',
     '-> Result<(), Lost> {\n    if !connection.is_autocommit() {\n        execute(connection, "COMMIT")?;\n    }\n    execute(connection, "BEGIN IMMEDIATE")?;',
     CRASH, ('    execute(connection, "COMMIT")?;\n    pass(batch, |stops| stops.after_commit);',
             '    pass(batch, |stops| stops.after_commit);')),
    ('a failed operation is kept', WRITER, 'if !succeeded {', 'if !succeeded && connection.is_autocommit() {', STORE),
    ('commits without waiting for the disk', 'crates/store/src/sqlite/connection.rs', '"synchronous", "FULL"', '"synchronous", "OFF"', ['-p', 'tagua-store']),
    ('a lease keeps nobody out', JOBS, "run_at <= ?3\n                 AND (lease_until IS NULL OR lease_until <= ?3 OR lease_until > ?5)",
     "run_at <= ?3\n                 AND (lease_until IS NULL OR ?3 >= 0)", STORE),
    ('a dead worker keeps its lease', JOBS, "run_at <= ?3\n                 AND (lease_until IS NULL OR lease_until <= ?3 OR lease_until > ?5)",
     "run_at <= ?3\n                 AND lease_until IS NULL", STORE),
    ('no compare-and-set on PostgreSQL', 'crates/postgres/src/transition.rs',
     'WHERE id = $1 AND version = $2::bigint\n         RETURNING', 'WHERE id = $1 AND $2::bigint >= 0\n         RETURNING', POSTGRES),
    ('numbers are handed out twice', 'crates/store/src/series.rs', 'let last = self.counter.unwrap_or(0).max(greatest);',
     'let last = greatest.max(self.counter.unwrap_or(0).min(greatest));', STORE),
    ('a taken number is answered with the next one', 'crates/store/src/series.rs', 'last.checked_add(1)?', 'last.checked_add(2)?', STORE),
    ("a client that sends an old key back loses the document's", KEYS, 'sent.filter(|key| !made_here(issuer, old, key))',
     'sent.filter(|key| made_here(issuer, old, key))', SERVER + ['reissue']),
    ('a reused key with another body is repeated', 'crates/server/src/idempotency.rs', 'if found.fingerprint != self.fingerprint {',
     'if found.fingerprint != self.fingerprint && body.is_empty() {', SERVER + ['idempotency']),
    ('the address is not part of the fingerprint', 'crates/server/src/idempotency.rs',
     'for part in [path.as_bytes(), header(PROFILE)', 'for part in [&path.as_bytes()[..0], header(PROFILE)', SERVER + ['idempotency']),
    ('a document under way can be corrected', 'crates/server/src/documents/order.rs',
     'Stage::Created | Stage::Returned | Stage::NotAuthorized | Stage::NeedsAttention => {',
     'Stage::Created | Stage::Returned | Stage::NotAuthorized | Stage::NeedsAttention | Stage::Unknown | Stage::Received => {', SERVER + ['reissue']),
]


def prepare(directory):
    """The working tree, and the libraries of others that are compiled already: no link leads back."""
    tree, target = os.path.join(directory, 'tree'), os.path.join(directory, 'target')
    files = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, check=True, capture_output=True).stdout
    for name in files.decode().split('\0'):
        if name and os.path.exists(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), os.path.join(tree, name))
    source, copy = os.path.join(ROOT, 'target', 'debug'), os.path.join(target, 'debug')
    if os.path.isdir(os.path.join(source, 'deps')):
        ours = shutil.ignore_patterns('*tagua*')
        executables = lambda path, names: [n for n in names if '.' not in n] + list(ours(path, names))
        for part, ignored in (('.fingerprint', ours), ('build', ours), ('deps', executables)):
            shutil.copytree(os.path.join(source, part), os.path.join(copy, part), ignore=ignored)
        shutil.copy2(os.path.join(ROOT, 'target', '.rustc_info.json'), target)
    return tree, target


class Laboratory:
    def __init__(self, directory):
        self.tree, self.target = os.path.join(directory, 'tree'), os.path.join(directory, 'target')
        if not os.path.isdir(self.tree):
            prepare(directory)
        self.environment = {**os.environ, 'CARGO_TARGET_DIR': self.target, 'CARGO_INCREMENTAL': '1',
                            'TAGUA_REQUIRE_TOOLS': '1'}
        self.environment.setdefault('TAGUA_SHARED', os.path.join(os.path.dirname(ROOT), 'shared'))

    def cargo(self, arguments, seconds):
        """None when it took too long: then the tests that cargo started have to end as well."""
        child = subprocess.Popen(['nice', '-n', '15', 'cargo', 'test', '--quiet', *arguments], cwd=self.tree,
                                 env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 start_new_session=True)
        try:
            output, errors = child.communicate(timeout=seconds)
            return subprocess.CompletedProcess(child.args, child.returncode, output, errors)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            return None

    def verdict(self, suite):
        """`passes`, `fails: TEST`, `hangs` or `does not compile`."""
        built = self.cargo(['--no-run', *suite], 1200)
        if built is None or built.returncode != 0:
            return 'does not compile', (built.stderr if built else '')[-800:]
        ran = self.cargo([*suite], HANG_SECONDS)
        if ran is None:
            return 'hangs', ''
        if ran.returncode == 0:
            return 'passes', ''
        failed = [line.split("'")[1] for line in ran.stdout.splitlines() + ran.stderr.splitlines()
                  if line.startswith('thread ') and 'panicked' in line]
        named = [line[5:].split(' ')[0] for line in ran.stdout.splitlines() if line.startswith('---- ')]
        return 'fails', (named or failed or ['?'])[0]

    def mutate(self, path, changes):
        with open(os.path.join(self.tree, path), encoding='utf-8') as file:
            text = file.read()
        changed = text
        for before, after in changes:
            if changed.count(before) != 1:
                return text, None
            changed = changed.replace(before, after)
        return text, changed

    def write(self, path, text):
        with open(os.path.join(self.tree, path), 'w', encoding='utf-8') as file:
            file.write(text)


def run(only=None, directory=None, progress=None):
    own = directory is None
    directory = directory or tempfile.mkdtemp(prefix='tagua-mutants-')
    try:
        laboratory = Laboratory(directory)
        chosen = [mutant for mutant in MUTANTS if not only or only in mutant[0] or only in mutant[1]]
        suites = {tuple(mutant[4]) for mutant in chosen}
        broken = [' '.join(suite) for suite in sorted(suites) if laboratory.verdict(list(suite))[0] != 'passes']
        results = [] if broken else [attempt(laboratory, mutant, progress) for mutant in chosen]
    finally:
        if own:
            shutil.rmtree(directory, ignore_errors=True)
    caught = sum(result['verdict'] in ('fails', 'hangs') for result in results)
    return {'mutants': len(results), 'caught': caught, 'results': results, 'suites_broken_without_a_mutant': broken,
            'failed': ['suite ' + suite for suite in broken]
            + [result['mutant'] for result in results if result['verdict'] not in ('fails', 'hangs')]}


def attempt(laboratory, mutant, progress):
    name, path, before, after, suite, *more = mutant
    began = time.monotonic()
    original, changed = laboratory.mutate(path, [(before, after), *more])
    if changed is None:
        verdict, by = 'text not found', ''
    else:
        try:
            laboratory.write(path, changed)
            verdict, by = laboratory.verdict(suite)
        finally:
            laboratory.write(path, original)
    result = {'mutant': name, 'file': path, 'suite': ' '.join(word for word in suite if word[0] != '-'),
              'verdict': verdict, 'by': by, 'seconds': round(time.monotonic() - began)}
    if progress:
        progress(result)
    return result


def table(report):
    """Markdown for MUTANTS.md."""
    lines = ['# Mutants of the rules', '',
             'Each line is a deliberate mistake, made in a copy of the sources; the suite beside it has to fail.',
             '`python3 proof/run.py mutants` makes this page.', '',
             'Run on %s: %d mutants, %d caught.' % (datetime.date.today(), report['mutants'], report['caught']), '',
             '| mistake | file | suite | noticed by |', '|---|---|---|---|']
    for result in report['results']:
        by = {'fails': '`%s`' % result['by'], 'hangs': 'a test that never ends'}.get(result['verdict'], '**%s**' % result['verdict'])
        lines.append('| %s | `%s` | %s | %s |' % (result['mutant'], result['file'], result['suite'], by))
    return '\n'.join(lines) + '\n'
