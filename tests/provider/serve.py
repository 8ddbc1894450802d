"""A real OpenID provider, as a process of its own: idpyoidc's, behind the few routes that a provider has.

`python -m tests.provider.serve PORT REDIRECT` prints a line when it serves. It signs in whomever `/test/state` names,
for a test has no fingers. There it is also told to go wrong in what it signs: with its own key, so that nothing but the
wrong claim is wrong.
"""

import base64
import json
import sys
import time
import warnings
from typing import Any

warnings.simplefilter("ignore")

from cryptojwt.jwk.hmac import SYMKey  # noqa: E402
from cryptojwt.jws.jws import JWS  # noqa: E402
from cryptojwt.key_jar import build_keyjar  # noqa: E402
from flask import Flask, Response, jsonify, redirect, request  # noqa: E402
from idpyoidc.server import Server  # noqa: E402
from idpyoidc.server.oauth2.add_on.pkce import CC_METHOD  # noqa: E402
from idpyoidc.server.oidc.authorization import Authorization  # noqa: E402
from idpyoidc.server.oidc.provider_config import ProviderConfiguration  # noqa: E402
from idpyoidc.server.oidc.token import Token  # noqa: E402
from idpyoidc.server.user_authn.user import NoAuthn  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

CLIENT, SECRET = "ledger", "a-secret-of-the-test-that-is-long-enough"
_KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
_PASSWORD_ONLY = "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword"


def make(port: int, back: str) -> Flask:
    """The provider's application; `state` is what the test tells it."""
    issuer = f"http://127.0.0.1:{port}"
    server = Server(_configuration(issuer), keyjar=build_keyjar(_KEYS))
    server.keyjar.import_jwks(server.keyjar.export_jwks(private=True), issuer)
    context = server.get_context()
    context.cdb[CLIENT] = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [(back, {})],
        "response_types_supported": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "allowed_scopes": ["openid"],
    }
    server.keyjar.add_symmetric(CLIENT, SECRET, ["sig"])
    app = Flask("provider")
    state: dict[str, Any] = {"user": "diana", "wrong": None, "claims": {}, "asked": [], "redeemed": 0}

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        told = dict(context.provider_info)
        told |= {"jwks_uri": f"{issuer}/keys", "end_session_endpoint": f"{issuer}/leave"}
        return jsonify(told | state.get("metadata", {}))

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(server.keyjar.export_jwks())

    @app.get("/authorization")
    def authorize() -> Any:
        state["asked"].append(request.args.to_dict())
        context.authn_broker.db["anon"]["method"].user = state["user"]
        endpoint = server.get_endpoint("authorization")
        parsed = endpoint.parse_request(request.args.to_dict())
        answered = endpoint.process_request(parsed, http_info={"headers": {}, "cookie": []})
        if "error" in parsed or "error" in answered:
            return json.dumps({"error": str(parsed.get("error") or answered.get("error"))}), 400
        told = endpoint.do_response(**answered)
        return redirect(told["response"], 303)

    @app.post("/token")
    def token() -> Any:
        endpoint = server.get_endpoint("token")
        http_info = {"headers": {"authorization": request.headers.get("Authorization", "")}}
        parsed = endpoint.parse_request(request.form.to_dict(), http_info=http_info)
        answered = parsed if "error" in parsed else endpoint.process_request(request=parsed)
        if "error" in answered:
            return Response(json.dumps({"error": str(answered["error"])}), 400, mimetype="application/json")
        state["redeemed"] += 1
        told = json.loads(endpoint.do_response(request=parsed, **answered)["response"])
        if state["wrong"] or state["claims"]:
            told["id_token"] = _spoilt(told["id_token"], state, server.keyjar)
        return jsonify(told)

    @app.post("/test/state")
    def tell() -> Response:
        told = request.get_json()
        if told.pop("rotate", False):
            _rotate(server)
        state.update(told)
        return jsonify(state)

    return app


def _configuration(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "httpc_params": {"verify": False},
        "key_conf": {"key_defs": _KEYS},
        "preference": {"subject_types_supported": ["public"], "response_types_supported": ["code"]},
        "token_handler_args": {
            "code": {"lifetime": 600},
            "token": {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
        },
        "endpoint": {
            "provider_info": {"path": ".well-known/openid-configuration", "class": ProviderConfiguration, "kwargs": {}},
            "authorization": {
                "path": "authorization",
                "class": Authorization,
                "kwargs": {"response_types_supported": ["code"], "client_authn_method": None},
            },
            "token": {"path": "token", "class": Token, "kwargs": {"client_authn_method": ["client_secret_basic"]}},
        },
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": CC_METHOD["S256"]}},
            }
        },
        "authentication": {"anon": {"acr": _PASSWORD_ONLY, "class": NoAuthn, "kwargs": {"user": "diana"}}},
        "session_params": {"sub_func": {"public": {"function": _subject}}},
    }


def _subject(user: str, **_: Any) -> str:
    """Who somebody is to every client: here simply what they are called."""
    return f"sub-of-{user}"


def _rotate(server: Server) -> None:
    """Throw the signing keys away and sign with others from now on, in whichever name they are looked up."""
    fresh = build_keyjar(_KEYS)._get_issuer("")._bundles
    for name in ("", server.issuer):
        issuer = server.keyjar._get_issuer(name)
        if issuer is not None:
            issuer._bundles = fresh


def _spoilt(token: str, state: dict[str, Any], keyjar: Any) -> str:
    """The same token with something wrong in it, signed as right ones are unless that is what is wrong."""
    head, body, _ = token.split(".")
    claims, wrong = json.loads(_bytes(body)) | state["claims"], state["wrong"]
    now = int(time.time())
    changed = {
        "nonce": {"nonce": "another"},
        "aud": {"aud": ["somebody-else"]},
        "two audiences": {"aud": [CLIENT, "somebody-else"]},
        "iss": {"iss": "http://127.0.0.1:1"},
        "expired": {"iat": now - 7200, "exp": now - 3600},
        "early": {"iat": now + 3600, "exp": now + 7200},
        "no sub": {"sub": ""},
        "signature": {"acr": "changed after signing"},
        "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    }.get(wrong or "", {})
    claims |= changed
    if wrong == "none":
        return f"{_text(json.dumps({'alg': 'none'}).encode())}.{_text(json.dumps(claims).encode())}."
    if wrong == "shared secret":
        return str(JWS(json.dumps(claims), alg="HS256").sign_compact([SYMKey(key=SECRET, alg="HS256")]))
    if wrong == "another key":
        return str(JWS(json.dumps(claims), alg="RS256").sign_compact(build_keyjar(_KEYS).get_signing_key("RSA", "")))
    if wrong == "signature":
        return f"{head}.{_text(json.dumps(claims).encode())}.{token.rsplit('.', 1)[1]}"
    return str(JWS(json.dumps(claims), alg="RS256").sign_compact(keyjar.get_signing_key("RSA", "")))


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


class _Silent(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, *_: object) -> None:
        """Not at all."""


if __name__ == "__main__":
    chosen, redirected = int(sys.argv[1]), sys.argv[2]
    serving = make_server("127.0.0.1", chosen, make(chosen, redirected), threaded=True, request_handler=_Silent)
    print("serving", flush=True)
    serving.serve_forever()
