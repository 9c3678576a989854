#!/usr/bin/env python3
"""Runs the proof that no document is lost, doubled or invented. See README.md beside it.

    python3 proof/run.py ci --report report.json
    python3 proof/run.py full --directory work --report report.json     # again after it was cut off: goes on
"""
import argparse, json, os, platform, shutil, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import idempotency, kill_loop, kill_matrix, mutants, three_nodes
from world import ROOT, Postgres, binary, sha256

# Documents and kills where nothing is said: on SQLite, on PostgreSQL.
SIZES = {'ci': {'sqlite': (2_000, 20), 'postgres': (1_000, 10)},
         'full': {'sqlite': (100_000, 1_000), 'postgres': (100_000, 1_000)}}


def main():
    given = arguments()
    # Whoever ends the run by SIGTERM gets its report and leaves no processes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Run(given)
    try:
        if given.what == 'three-nodes' or given.what != 'mutants' and given.database != 'sqlite':
            # Not found after an hour that it is not installed.
            run.postgres()
        for name, suite in suites(given, run):
            run.suite(name, suite)
        run.state = 'finished'
    finally:
        run.close()
    print('failed: ' + ', '.join(run.failed()) if run.failed() else 'no violation in %d s' % run.seconds())
    sys.exit(1 if run.failed() else 0)


class Run:
    """The binaries under proof, what is known of each suite, and the report, which is there from the first minute."""

    def __init__(self, given):
        self.given, self.results, self.began, self.state = given, {}, time.monotonic(), 'cut off'
        self.path = os.path.abspath(given.directory) if given.directory else tempfile.mkdtemp(prefix='tagua-proof-run-')
        os.makedirs(self.at('results'), exist_ok=True)
        self.cluster = None

    def at(self, *names):
        return os.path.join(self.path, *names)

    def binary(self, kind):
        """A copy: somebody may build while the proof runs, and a run that goes on goes on with the same."""
        copy = self.at('tagua-' + kind)
        if not os.path.exists(copy):
            shutil.copy(binary(kind), copy + '.new')
            os.rename(copy + '.new', copy)
        return copy

    def postgres(self):
        self.cluster = self.cluster or Postgres(self.at('postgres') if self.given.directory else None)
        return self.cluster

    def directory(self, name):
        """Where a suite that can go on keeps itself."""
        return self.at(name.replace(' ', '-')) if self.given.directory else None

    def suite(self, name, suite):
        kept = self.at('results', name.replace(' ', '-') + '.json')
        if os.path.exists(kept) and name != 'mutants':
            with open(kept, encoding='utf-8') as file:
                self.results[name] = json.load(file)
            say(name + ', done before', self.results[name])
            return
        started = time.monotonic()
        result = suite(lambda so_far: self.tell(name, started, so_far))
        result['seconds_in_all'] = round(time.monotonic() - started, 1)
        self.results[name] = result
        if not result['failed']:
            write(kept, result)
        self.write()
        say(name, result)

    def tell(self, name, started, so_far):
        self.results[name] = {**so_far, 'unfinished': True, 'seconds_in_all': round(time.monotonic() - started)}
        self.write('running')
        print('  %s' % ', '.join('%s %s' % (key.replace('_', ' '), value) for key, value in self.results[name].items()
                                 if value and value is not True), flush=True)

    def failed(self):
        return [name for name, result in self.results.items() if result.get('failed')]

    def unfinished(self):
        return [name for name, result in self.results.items() if result.get('unfinished')]

    def seconds(self):
        return time.monotonic() - self.began

    def write(self, state='running'):
        if not self.given.report:
            return
        binaries = {kind: file_sha256(self.at('tagua-' + kind)) for kind in ('release', 'debug')
                    if os.path.exists(self.at('tagua-' + kind))}
        write(self.given.report, {
            'state': state, 'commit': commit(), 'binaries': binaries, 'seed': self.given.seed,
            'machine': '%s, %d CPUs' % (platform.machine(), os.cpu_count()), 'seconds': round(self.seconds()),
            'failed': self.failed(), 'unfinished': self.unfinished(), 'suites': self.results})

    def close(self):
        self.write(self.state)
        if self.cluster:
            self.cluster.close()
        if not self.given.directory:
            shutil.rmtree(self.path, ignore_errors=True)


def write(path, value):
    """Whole or not at all."""
    with open(path + '.new', 'w', encoding='utf-8') as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
    os.replace(path + '.new', path)


def file_sha256(path):
    with open(path, 'rb') as file:
        return sha256(file.read())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choices = ['ci', 'full', 'kill-loop', 'kill-matrix', 'three-nodes', 'idempotency', 'mutants']
    parser.add_argument('what', nargs='?', choices=choices, default='ci')
    parser.add_argument('--database', choices=['sqlite', 'postgres', 'both'], default='both')
    parser.add_argument('--documents', type=int)
    parser.add_argument('--kills', type=int)
    parser.add_argument('--freezes', type=int, help='of three-nodes')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--report', metavar='FILE.json')
    parser.add_argument('--directory', help='keep the run here, and go on with it when it is there')
    parser.add_argument('--only', help='mutants whose name or file contains this')
    return parser.parse_args()


def suites(given, run):
    """Each with what starts it; `tell` hears of those that last."""
    whole = given.what in ('ci', 'full')
    for base in ['sqlite', 'postgres'] if given.database == 'both' else [given.database]:
        url = (lambda: run.postgres().create()) if base == 'postgres' else (lambda: None)
        if whole or given.what == 'kill-loop':
            usual = SIZES['full' if given.what == 'full' else 'ci'][base]
            sizes = (given.documents or usual[0], usual[1] if given.kills is None else given.kills)
            name = 'kill-loop ' + base
            place = (lambda: run.postgres().create_once('kill_loop')) if base == 'postgres' else url
            yield name, lambda tell: kill_loop.run(
                run.binary('release'), *sizes, given.seed, place(), run.directory(name), tell)
        if whole or given.what == 'idempotency':
            keys = 1_000 if given.what == 'full' else 200 if base == 'sqlite' or not whole else 50
            yield 'idempotency ' + base, lambda _: idempotency.run(run.binary('release'), keys, 50, given.seed, url())
        if given.what in ('full', 'kill-matrix'):
            yield 'kill-matrix ' + base, lambda _: kill_matrix.run(
                run.binary('debug'), run.postgres() if base == 'postgres' else None)
    if given.what == 'three-nodes' or whole and given.database != 'sqlite':
        documents, kills, freezes = (2_000, 50, 200) if given.what == 'full' else (600, 5, 10)
        if not whole:
            documents, freezes = given.documents or documents, given.freezes or freezes
            kills = kills if given.kills is None else given.kills
        yield 'three-nodes', lambda tell: three_nodes.run(
            run.binary('release'), documents, kills, freezes, given.seed, run.postgres().create(), tell)
    if given.what in ('full', 'mutants'):
        directory = given.directory if given.what == 'mutants' else run.directory('mutants')
        yield 'mutants', lambda _: run_mutants(given.only, directory)


def run_mutants(only, directory):
    result = mutants.run(only, directory,
                         lambda done: print('  %(mutant)s: %(verdict)s %(by)s' % done, flush=True))
    if not only and result['results']:
        with open(os.path.join(ROOT, 'proof', 'MUTANTS.md'), 'w', encoding='utf-8') as file:
            file.write(mutants.table(result))
    return result


def say(name, result):
    words = ', '.join('%s %s' % (key.replace('_', ' '), value) for key, value in result.items()
                      if key in ('documents', 'kills', 'keys', 'points', 'mutants', 'caught', 'freezes_longer_than_a_lease', 'seconds'))
    found = result.get('violations', {})
    broken = {key: value for key, value in found.items() if value not in (0, 'not exercised')}
    print('%s (%s s): %s; violations: %s' % (name, result['seconds_in_all'], words, broken or 'none'), flush=True)
    if result['failed']:
        print('  failed: %s\n  examples: %s\n  unexpected: %s\n  kept in %s' % (
            result['failed'][:10], result.get('examples'), result.get('unexpected'), result.get('directory')), flush=True)


def commit():
    return subprocess.run(['git', 'describe', '--always', '--dirty'], cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == '__main__':
    main()
