#!/usr/bin/env python3
"""Makes PKCS#12 files that the usual tools cannot, with the standard library.

    p12.py ber IN OUT PASSWORD
        Re-encodes IN as BER the way BouncyCastle and NSS write: indefinite
        lengths, OCTET STRINGs in chunks. The MAC is computed anew.
    p12.py build OUT PASSWORD MAC [--nested] [--key DER | --shrouded DER | --cert DER]...
        Puts keys and certificates into a new file. MAC is `none`,
        `pkcs12:HASH:ITERATIONS` or `pbmac1:HASH:ITERATIONS`.
"""

import hashlib
import hmac
import os
import sys

CHUNK = 200
DIGESTS = {"sha1": "1.3.14.3.2.26", "sha224": "2.16.840.1.101.3.4.2.4",
           "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
           "sha512": "2.16.840.1.101.3.4.2.3"}
HMACS = {"sha1": "1.2.840.113549.2.7", "sha224": "1.2.840.113549.2.8",
         "sha256": "1.2.840.113549.2.9", "sha384": "1.2.840.113549.2.10",
         "sha512": "1.2.840.113549.2.11"}


def tlv(identifier, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([identifier, size]) + body
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([identifier, 128 + len(digits)]) + digits + body


def oid(text):
    first, second, *rest = map(int, text.split("."))
    body = b""
    for number in [first * 40 + second] + rest:
        digits = [number & 127]
        while number := number >> 7:
            digits.insert(0, 128 | number & 127)
        body += bytes(digits)
    return tlv(0x06, body)


def integer(number):
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def elements(data):
    """The (identifier, content) pairs of DER."""
    at = 0
    while at < len(data):
        identifier, size, start = data[at], data[at + 1], at + 2
        if size >= 128:
            digits = size & 127
            size = int.from_bytes(data[start:start + digits], "big")
            start += digits
        yield identifier, data[start:start + size]
        at = start + size


def to_ber(identifier, content):
    chunkable = identifier == 0x04 or identifier == 0x80
    if chunkable and len(content) > 16:
        chunks = [tlv(0x04, content[i:i + CHUNK]) for i in range(0, len(content), CHUNK)]
        return bytes([identifier | 0x20, 0x80]) + b"".join(chunks) + b"\0\0"
    if identifier & 0x20:
        inner = b"".join(to_ber(*child) for child in elements(content))
        return bytes([identifier, 0x80]) + inner + b"\0\0"
    return tlv(identifier, content)


def pkcs12_kdf(name, purpose, password, salt, iterations, size):
    """RFC 7292, B.2."""
    block = hashlib.new(name).block_size
    def fill(data): return (data * block)[:-(-len(data) // block) * block]
    blocks = fill(salt) + fill((password + "\0").encode("utf-16-be"))
    output = b""
    while len(output) < size:
        digest = bytes([purpose]) * block + blocks
        for _ in range(iterations):
            digest = hashlib.new(name, digest).digest()
        output += digest
        addend = int.from_bytes((digest * block)[:block], "big") + 1
        pieces = [blocks[i:i + block] for i in range(0, len(blocks), block)]
        blocks = b"".join(((int.from_bytes(p, "big") + addend) % (1 << 8 * block))
                          .to_bytes(block, "big") for p in pieces)
    return output[:size]


def mac_data(kind, name, iterations, password, content):
    salt = os.urandom(8)
    size = hashlib.new(name).digest_size
    if kind == "pbmac1":
        key = hashlib.pbkdf2_hmac(name, password.encode(), salt, iterations, size)
        prf = tlv(0x30, oid(HMACS[name]), tlv(0x05))
        derive = tlv(0x30, tlv(0x04, salt), integer(iterations), integer(size), prf)
        derive = tlv(0x30, oid("1.2.840.113549.1.5.12"), derive)
        algorithm = tlv(0x30, oid("1.2.840.113549.1.5.14"), tlv(0x30, derive, prf))
    else:
        key = pkcs12_kdf(name, 3, password, salt, iterations, size)
        algorithm = tlv(0x30, oid(DIGESTS[name]), tlv(0x05))
    digest = tlv(0x04, hmac.new(key, content, name).digest())
    count = integer(iterations) if iterations != 1 else b""
    return tlv(0x30, tlv(0x30, algorithm, digest), tlv(0x04, salt), count)


def pfx(content, mac):
    data = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(0x04, content)))
    return tlv(0x30, integer(3), data, mac)


def ber(source, target, password):
    with open(source, "rb") as file:
        (_, body), = elements(file.read())
    _, (_, info), *mac = elements(body)
    content = list(elements(list(elements(info))[1][1]))[0][1]
    content = b"".join(to_ber(*element) for element in elements(content))
    seal = b""
    if mac:
        name, iterations = mac_parameters(mac[0][1])
        seal = mac_data("pkcs12", name, iterations, password, content)
    with open(target, "wb") as file:
        file.write(b"".join(to_ber(*element) for element in elements(pfx(content, seal))))


def mac_parameters(mac):
    info, _, *count = elements(mac)
    algorithm = list(elements(list(elements(info[1]))[0][1]))[0]
    names = [name for name, text in DIGESTS.items() if oid(text) == tlv(*algorithm)]
    return names[0], int.from_bytes(count[0][1], "big") if count else 1


def bag(kind, path):
    with open(path, "rb") as file:
        value = file.read()
    number = {"--key": 1, "--shrouded": 2, "--cert": 3}[kind]
    if number == 3:
        value = tlv(0xA0, tlv(0x04, value))
        value = tlv(0x30, oid("1.2.840.113549.1.9.22.1"), value)
    return safe_bag(number, value)


def safe_bag(number, value):
    return tlv(0x30, oid(f"1.2.840.113549.1.12.10.1.{number}"), tlv(0xA0, value))


def build(target, password, mac, *options):
    nested = "--nested" in options
    pairs = [option for option in options if option != "--nested"]
    safe = tlv(0x30, *[bag(*pair) for pair in zip(pairs[::2], pairs[1::2])])
    if nested:
        safe = tlv(0x30, safe_bag(6, tlv(0x30, safe_bag(6, safe))))
    content = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(0x04, safe)))
    content = tlv(0x30, content)
    seal = b""
    if mac != "none":
        kind, name, iterations = mac.split(":")
        seal = mac_data(kind, name, int(iterations), password, content)
    with open(target, "wb") as file:
        file.write(pfx(content, seal))


{"ber": ber, "build": build}[sys.argv[1]](*sys.argv[2:])
