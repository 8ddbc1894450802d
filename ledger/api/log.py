"""The log, served as c2sp.org/tlog-tiles lays it out, so that tools which nobody here wrote can follow it.

`/log` is the log of entries, `/log/access` that of who read; both have checkpoint, tiles and bundles. Checkpoints and
hashes are for anybody, bundles for those who keep watch (`Right.MONITOR`). Paths have one spelling; all others, and
what no signed checkpoint covers, are answered 404.
"""

from time import monotonic
from typing import Final

from flask import Blueprint, Response, request

from ledger.api.refusals import calling
from ledger.domain.log.tiles import Tile, parse_tile_path
from ledger.services.context import Context
from ledger.services.read_log import NOT_THERE, KeysHeld, read_bundle, read_checkpoint, read_tile
from ledger.services.refusal import RefusedError
from ledger.store.log import Log

#: What a path names never changes: a tile that grows has another path for every width.
_FOR_EVER: Final = "max-age=31536000, immutable"
_ANYBODY, _CALLER = f"public, {_FOR_EVER}", f"private, {_FOR_EVER}"
#: A checkpoint is followed by the next within a second.
_A_MOMENT: Final = "public, max-age=1"
#: Keys are changed in years; who checks a signature took them from elsewhere.
_A_WHILE: Final = "public, max-age=60"
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"


def log_blueprint(context: Context, log: Log) -> Blueprint:
    """The routes of one of the two logs; what both have in common is beside that of entries."""
    is_access = log == "access"
    blueprint = Blueprint(
        "access_log" if is_access else "log", __name__, url_prefix="/log/access" if is_access else "/log"
    )

    @blueprint.get("/checkpoint")
    def get_checkpoint() -> Response:
        return _answer(read_checkpoint(context, log), _TEXT, _A_MOMENT)

    @blueprint.get("/tile/<level>/<path:place>")
    def get_tile(level: str, place: str) -> Response:
        tile = _tile(f"tile/{level}/{place}")
        if tile.level == "entries":
            raise RefusedError(NOT_THERE.code, NOT_THERE.detail)
        return _answer(read_tile(context, log, tile), _BYTES, _ANYBODY)

    @blueprint.get("/tile/entries/<path:place>")
    @blueprint.get("/entries/<path:place>")
    def get_bundle(place: str) -> Response:
        tile = _tile(f"tile/entries/{place}")
        return _answer(read_bundle(context, calling(), log, tile), _BYTES, _CALLER)

    if not is_access:
        _add_keys(blueprint, KeysHeld(context, monotonic))
    return blueprint


def _add_keys(blueprint: Blueprint, held: KeysHeld) -> None:
    @blueprint.get("/keys")
    def get_keys() -> Response:
        return _answer("".join(f"{key}\n" for key in held.verifier_keys()), _TEXT, _A_WHILE)

    @blueprint.get("/policy")
    def get_policy() -> Response:
        return _answer(held.policy(), _TEXT, _A_WHILE)


def _tile(path: str) -> Tile:
    try:
        return parse_tile_path(path)
    except ValueError:
        raise RefusedError(NOT_THERE.code, NOT_THERE.detail) from None


def _answer(body: str | bytes, content_type: str, caching: str) -> Response:
    response = Response(body, content_type=content_type, headers={"Cache-Control": caching})
    response.add_etag()
    response.make_conditional(request)
    return response
