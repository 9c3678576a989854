#!/usr/bin/env python3
"""Runs the proof that no document is lost, doubled or invented. See README.md beside it.

    python3 proof/run.py ci --report report.json
    python3 proof/run.py full --database sqlite --directory work --documents 100000 --kills 1000
"""
import argparse, json, os, platform, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import idempotency, kill_loop, kill_matrix, mutants, three_nodes
from world import ROOT, Postgres, binary

# Documents and kills where nothing is said: on SQLite, on PostgreSQL.
SIZES = {'ci': {'sqlite': (2_000, 20), 'postgres': (1_000, 10)},
         'full': {'sqlite': (100_000, 1_000), 'postgres': (100_000, 1_000)}}


def main():
    given = arguments()
    began, results, postgres = time.monotonic(), {}, None
    try:
        bases = ['sqlite', 'postgres'] if given.database == 'both' else [given.database]
        if given.what != 'mutants' and ('postgres' in bases or given.what == 'three-nodes'):
            postgres = Postgres()
        for name, suite in suites(given, bases, postgres):
            started = time.monotonic()
            results[name] = suite()
            results[name]['seconds_in_all'] = round(time.monotonic() - started, 1)
            say(name, results[name])
    finally:
        if postgres:
            postgres.close()
    failed = [name for name, result in results.items() if result['failed']]
    report = {'commit': commit(), 'seed': given.seed, 'machine': '%s, %d CPUs' % (platform.machine(), os.cpu_count()),
              'seconds': round(time.monotonic() - began), 'failed': failed, 'suites': results}
    if given.report:
        with open(given.report, 'w', encoding='utf-8') as file:
            json.dump(report, file, indent=1, ensure_ascii=False)
    print('failed: ' + ', '.join(failed) if failed else 'no violation in %d s' % report['seconds'])
    sys.exit(1 if failed else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choices = ['ci', 'full', 'kill-loop', 'kill-matrix', 'three-nodes', 'idempotency', 'mutants']
    parser.add_argument('what', nargs='?', choices=choices, default='ci')
    parser.add_argument('--database', choices=['sqlite', 'postgres', 'both'], default='both')
    parser.add_argument('--documents', type=int)
    parser.add_argument('--kills', type=int)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--report', metavar='FILE.json')
    parser.add_argument('--directory', help='keep the run here, and go on with it when it is there (SQLite)')
    parser.add_argument('--only', help='mutants whose name or file contains this')
    return parser.parse_args()


def suites(given, bases, postgres):
    whole = given.what in ('ci', 'full')
    for base in bases:
        url = (lambda: postgres.create()) if base == 'postgres' else (lambda: None)
        if whole or given.what == 'kill-loop':
            usual = SIZES['full' if given.what == 'full' else 'ci'][base]
            sizes = (given.documents or usual[0], usual[1] if given.kills is None else given.kills)
            directory = given.directory if base == 'sqlite' else None
            yield 'kill-loop ' + base, lambda: kill_loop.run(binary('release'), *sizes, given.seed, url(), directory)
        if whole or given.what == 'idempotency':
            keys = 1_000 if given.what == 'full' else 200 if base == 'sqlite' or not whole else 50
            yield 'idempotency ' + base, lambda: idempotency.run(binary('release'), keys, 50, given.seed, url())
        if given.what in ('full', 'kill-matrix'):
            yield 'kill-matrix ' + base, lambda: kill_matrix.run(binary('debug'), postgres if base == 'postgres' else None)
    if given.what == 'three-nodes' or whole and postgres:
        documents, kills, freezes = (2_000, 50, 200) if given.what == 'full' else (600, 5, 10)
        kills = kills if given.kills is None or whole else given.kills
        yield 'three-nodes', lambda: three_nodes.run(
            binary('release'), given.documents if given.documents and not whole else documents, kills, freezes,
            given.seed, postgres.create())
    if given.what in ('full', 'mutants'):
        yield 'mutants', lambda: run_mutants(given)


def run_mutants(given):
    result = mutants.run(given.only, given.directory if given.what == 'mutants' else None,
                         lambda done: print('  %(mutant)s: %(verdict)s %(by)s' % done, flush=True))
    if not given.only and result['results']:
        with open(os.path.join(ROOT, 'proof', 'MUTANTS.md'), 'w', encoding='utf-8') as file:
            file.write(mutants.table(result))
    return result


def say(name, result):
    words = ', '.join('%s %s' % (key.replace('_', ' '), value) for key, value in result.items()
                      if key in ('documents', 'kills', 'keys', 'points', 'mutants', 'caught', 'freezes_longer_than_a_lease'))
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
