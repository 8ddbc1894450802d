"""Verifying Ed25519 signatures (RFC 8032 section 5.1.7) with integers alone, for where no library is at hand.

It verifies only: nothing here is secret, so nothing needs to take the same time each time. Some 3 ms a signature.
"""

import hashlib

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_M1 = pow(2, (_P - 1) // 4, _P)

#: X, Y, Z and T of extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z (RFC 8032 section 5.1.4).
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the 64 bytes are the 32-byte key's signature over the message; never raises for bytes of any length."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, scalar = _decoded(public), int.from_bytes(signature[32:], "little")
    # A scalar beyond the order would be a second spelling of the same signature.
    if key is None or scalar >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _encoded(_sum_of_multiples(scalar, _BASE, challenge, _negated(key))) == signature[:32]


def _added(p: _Point, q: _Point) -> _Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _doubled(p: _Point) -> _Point:
    a = p[0] * p[0] % _P
    b = p[1] * p[1] % _P
    h = a + b
    e = h - (p[0] + p[1]) ** 2 % _P
    g = a - b
    f = 2 * p[2] * p[2] % _P + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _negated(p: _Point) -> _Point:
    return -p[0] % _P, p[1], p[2], -p[3] % _P


def _sum_of_multiples(first: int, p: _Point, second: int, q: _Point) -> _Point:
    """first·p + second·q, two bits of each at a time."""
    multiples = [_NEUTRAL] * 16
    for high in range(4):
        if high:
            multiples[4 * high] = _added(multiples[4 * (high - 1)], p)
        for low in range(1, 4):
            multiples[4 * high + low] = _added(multiples[4 * high + low - 1], q)
    total = _NEUTRAL
    for shift in range(254, -2, -2):
        total = _doubled(_doubled(total))
        at = (first >> shift & 3) << 2 | second >> shift & 3
        if at:
            total = _added(total, multiples[at])
    return total


def _encoded(p: _Point) -> bytes:
    inverse = pow(p[2], -1, _P)
    x, y = p[0] * inverse % _P, p[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(data: bytes) -> _Point | None:
    """The point that 32 bytes stand for (RFC 8032 section 5.1.3); None where they stand for none."""
    whole = int.from_bytes(data, "little")
    y, sign = whole & (1 << 255) - 1, whole >> 255
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == -u % _P:
        x = x * _SQRT_M1 % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _base() -> _Point:
    point = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point is not None, "the base point is on the curve"
    return point


_BASE = _base()
