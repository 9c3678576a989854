#!/usr/bin/env python3
"""Issues invoices while the server is killed, then compares three records:
what the client was told, what the server says, what the simulator's ledger holds.

    check_kill.py TAGUA [COUNT] [KILLS]

Standard library only; shares no code with the server.
"""
import collections, http.client, json, os, random, shutil, signal, socket, subprocess, sys, tempfile, threading, time

TAGUA = sys.argv[1]
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 200
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
WORK = tempfile.mkdtemp(prefix='tagua-kill-')
DATA, SIMULATOR_DATA = os.path.join(WORK, 'data'), os.path.join(WORK, 'simulator')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


PORT, SIMULATOR_PORT = free_port(), free_port()


def start(*arguments):
    log = open(os.path.join(WORK, 'log'), 'ab')
    return subprocess.Popen([TAGUA, *arguments], stdout=log, stderr=log)


def wait_for(port):
    for _ in range(500):
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit('no server on port %d; log:\n%s' % (port, open(os.path.join(WORK, 'log')).read()[-3000:]))


def server():
    process = start('start', '--data', DATA, '--listen', '127.0.0.1:%d' % PORT,
                    '--simulator-url', 'http://127.0.0.1:%d' % SIMULATOR_PORT)
    wait_for(PORT)
    return process


def call(method, path, headers, body=None):
    connection = http.client.HTTPConnection('127.0.0.1', PORT, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def invoice(sequential):
    body = json.loads(json.dumps(SAMPLE))
    body['secuencial'] = sequential
    return json.dumps(body)


def client(numbers):
    """Issues each number until it is told that it is stored, as a careful client does."""
    for sequential in numbers:
        while True:
            try:
                status, answer = call('POST', '/invoices/issue', HEADERS, invoice(sequential))
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
                continue
            if status == 200:
                told[sequential] = answer['id']
                break
            if status == 400 and answer.get('parameter') == 'secuencial':
                # An earlier try was stored and its answer lost: the refusal names the document.
                told[sequential] = next(w.strip('.') for w in answer['details'].split() if len(w.strip('.')) == 32)
                break
            unexpected.append((sequential, status, answer))
            return


SAMPLE = {
    'ambiente': 1, 'tipo_emision': 1, 'secuencial': 1, 'moneda': 'USD',
    'emisor': {'ruc': '1799999990001', 'obligado_contabilidad': True, 'razon_social': 'Prueba de Cortes S.A.',
               'nombre_comercial': 'Cortes', 'direccion': 'Quito',
               'establecimiento': {'codigo': '001', 'punto_emision': '002', 'direccion': 'Quito'}},
    'comprador': {'razon_social': 'Ñandú & Cía.', 'identificacion': '1710034065', 'tipo_identificacion': '05'},
    'items': [{'descripcion': 'Foco', 'cantidad': 1, 'precio_unitario': 10, 'descuento': 0,
               'precio_total_sin_impuestos': 10.00,
               'impuestos': [{'codigo': '2', 'codigo_porcentaje': '4', 'tarifa': 15, 'base_imponible': 10, 'valor': 1.5}]}],
    'totales': {'total_sin_impuestos': 10, 'descuento': 0, 'propina': 0, 'importe_total': 11.5,
                'impuestos': [{'codigo': '2', 'codigo_porcentaje': '4', 'base_imponible': 10, 'valor': 1.5}]},
    'pagos': [{'medio': 'efectivo', 'total': 11.5}],
}

told, unexpected = {}, []
secrets = json.loads(subprocess.run([TAGUA, 'init', '--json', '--data', DATA], check=True, capture_output=True).stdout)
HEADERS = {'X-Key': secrets['api_key'], 'X-Password': secrets['certificate_password'], 'Content-Type': 'application/json'}
# The simulator trusts the sandbox's authority: only its public certificate is copied.
shutil.copytree(os.path.join(DATA, 'simulator', 'sandbox-ca'), os.path.join(SIMULATOR_DATA, 'sandbox-ca'))
simulator = start('simulator', '--listen', '127.0.0.1:%d' % SIMULATOR_PORT, '--data', SIMULATOR_DATA)
wait_for(SIMULATOR_PORT)
process = server()
threads = [threading.Thread(target=client, args=(range(1 + lane, COUNT + 1, 8),)) for lane in range(8)]
for thread in threads:
    thread.start()
kills = 0
while any(thread.is_alive() for thread in threads) or kills < KILLS:
    threshold = COUNT * (kills + 1) // (KILLS + 1)
    if kills < KILLS and len(told) >= threshold:
        time.sleep(random.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        process = server()
    time.sleep(0.002)
for thread in threads:
    thread.join()
assert not unexpected, unexpected[:3]

deadline, states = time.time() + 60, {}
while time.time() < deadline:
    states = {s: call('GET', '/invoices/' + told[s], HEADERS)[1] for s in told}
    if all(d['estado'] == 'AUTORIZADO' for d in states.values()):
        break
    time.sleep(0.2)
process.send_signal(signal.SIGTERM)
assert process.wait(12) == 0, 'the server did not stop in order'
simulator.send_signal(signal.SIGTERM)
simulator.wait(12)

authorized = collections.Counter()
for line in open(os.path.join(SIMULATOR_DATA, 'ledger.jsonl'), encoding='utf-8'):
    entry = json.loads(line)
    if entry.get('decision', {}).get('state') == 'AUTORIZADO':
        authorized[entry['access_key']] += 1
final = collections.Counter(d['estado'] for d in states.values())
keys = {d['clave_acceso'] for d in states.values()}
print(json.dumps({'documents': COUNT, 'kills': kills, 'told': len(told), 'estados': final,
                  'authorizations': sum(authorized.values()), 'keys_authorized': len(authorized),
                  'lost': COUNT - len(states), 'doubled': sum(n - 1 for n in authorized.values()),
                  'invented': len(keys - set(authorized))}))
assert len(told) == COUNT and final == {'AUTORIZADO': COUNT}, final
assert set(authorized) == keys and all(n == 1 for n in authorized.values())
shutil.rmtree(WORK)
