"""A second implementation of AVE1 in plain Python, written from its specification only: it made ave1.json.

Run: python3 test/client/vectors/ave1_reference.py > test/client/vectors/ave1.json
The Hadamard transform is a matrix here and a butterfly there; ChaCha20 is written out; floats are Python's.
"""

import hashlib, hmac, json, math, struct


def chacha_words(key):
    def rotl(v, n):
        return ((v << n) | (v >> (32 - n))) & 0xFFFFFFFF

    def quarter(s, a, b, c, d):
        s[a] = (s[a] + s[b]) & 0xFFFFFFFF; s[d] = rotl(s[d] ^ s[a], 16)
        s[c] = (s[c] + s[d]) & 0xFFFFFFFF; s[b] = rotl(s[b] ^ s[c], 12)
        s[a] = (s[a] + s[b]) & 0xFFFFFFFF; s[d] = rotl(s[d] ^ s[a], 8)
        s[c] = (s[c] + s[d]) & 0xFFFFFFFF; s[b] = rotl(s[b] ^ s[c], 7)

    counter = 0
    while True:
        start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *struct.unpack("<8I", key), counter, 0, 0, 0]
        s = list(start)
        for _ in range(10):
            quarter(s, 0, 4, 8, 12); quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15)
            quarter(s, 0, 5, 10, 15); quarter(s, 1, 6, 11, 12); quarter(s, 2, 7, 8, 13); quarter(s, 3, 4, 9, 14)
        for a, b in zip(s, start):
            yield (a + b) & 0xFFFFFFFF
        counter += 1


def hkdf(ikm, info):
    prk = hmac.new(b"\0" * 32, ikm, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


def below(words, n):
    limit = (2**32 // n) * n
    while True:
        w = next(words)
        if w < limit:
            return w % n


def rotate(key, v):
    d, words = len(v), chacha_words(key)
    blocks = [1 << b for b in range(d.bit_length() - 1, -1, -1) if d >> b & 1]
    for _ in range(5):
        p = list(range(d))
        for i in range(d - 1, 0, -1):
            j = below(words, i + 1)
            p[i], p[j] = p[j], p[i]
        signs = [1 if next(words) & 1 else -1 for _ in range(d)]
        t, out, at = [v[p[i]] * signs[i] for i in range(d)], [], 0
        for n in blocks:
            part = t[at : at + n]
            out += [sum(x if bin(r & c).count("1") % 2 == 0 else -x for c, x in enumerate(part)) / math.sqrt(n) for r in range(n)]
            at += n
        v = out
    return v


def uniform(words):
    w1 = next(words); w2 = next(words)
    return ((w1 >> 5) * 2**26 + (w2 >> 6)) / 2**53


def blur(key, d, beta):
    words, g = chacha_words(key), []
    while len(g) < d:
        a = uniform(words); b = uniform(words)
        r = math.sqrt(-2 * math.log(1 - a))
        g += [r * math.cos(2 * math.pi * b), r * math.sin(2 * math.pi * b)]
    g = g[:d]
    length = beta / 4 * (1 - uniform(words)) ** (1 / d)
    norm = math.sqrt(sum(x * x for x in g))
    return [x * length / norm for x in g]


def case(vk, model, domain, ident, x, bm):
    d = len(x)
    k = {l: hkdf(vk, f"adiuva/ave/1/{l}|{model}|{d}".encode()) for l in ("rot", "noise", "nonce", "blob")}
    n = math.sqrt(sum(v * v for v in x))
    u = [v / n for v in x]
    i = ident.encode()
    message = domain.encode() + b"\0" + struct.pack("<II", bm, len(i)) + i + struct.pack(f"<{d}f", *u)
    nonce = hmac.new(k["nonce"], message, hashlib.sha256).digest()[:16]
    rotated = rotate(k["rot"], u)
    noise = blur(hmac.new(k["noise"], nonce, hashlib.sha256).digest(), d, bm / 1000)
    pick = sorted({0, 1, 2, 3, d // 2, d - 2, d - 1} & set(range(d)))
    return {
        "vector_key": vk.hex(), "x": x if d <= 8 else "((37 i^2 + 11 i + 5) mod 211 - 105) / 64", "model": model, "domain": domain, "id": ident, "dim": d, "beta": bm,
        "keys": {l: v.hex() for l, v in k.items()}, "nonce": nonce.hex(), "at": pick,
        "rotated": [rotated[j] for j in pick], "sketch": [rotated[j] + noise[j] for j in pick],
    }


VK = bytes(range(32))
cases = [case(VK, "kat-8", "doc", "item-1", [float(i + 1) for i in range(8)], 2000)]
for d in (1, 7, 100, 384, 1000, 1536):
    x = [((i * i * 37 + i * 11 + 5) % 211 - 105) / 64 for i in range(d)]
    bm = round(88 * math.sqrt(d))
    cases.append(case(hashlib.sha256(b"adiuva test %d" % d).digest(), f"kat-{d}", "doc", "note:1\u00e9", x, bm))
    cases.append(case(hashlib.sha256(b"adiuva test %d" % d).digest(), f"kat-{d}", "query", "", x, bm))
print(json.dumps(cases, indent=1))
