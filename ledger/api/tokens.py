"""Short-lived tokens for agencies' systems: RFC 6749's client credentials grant, and RFC 7009's revocation.

Our own few lines and no library's server: docs/decisions/0015-agencies-keys-and-tokens.md says why.
"""

from flask import Response, request
from flask_smorest import Blueprint

from ledger.api.answers import as_json
from ledger.api.clients import NOT_STORED, OAuthError, read_client, read_form, unknown_client
from ledger.api.requests import StrictParser
from ledger.api.schemas.tokens import REVOCATION_FORM, TOKEN_FORM, NothingSchema, TokenRefusalSchema, TokenSchema
from ledger.services.authenticate import read_key, refusal_of
from ledger.services.context import Context
from ledger.services.issue_token import issue_token, take_back_token
from ledger.services.refusal import RefusedError
from ledger.store.party import NotHeldError

_CLIENT: list[dict[str, list[str]]] = [{"client": []}, {}]
_REFUSED = {400: "The request cannot be met.", 401: "The client is not known, or its key does not hold."}


def tokens_blueprint(context: Context, _parser: StrictParser) -> Blueprint:
    """POST /oauth/token and POST /oauth/revoke."""
    blueprint = Blueprint("tokens", __name__, url_prefix="/oauth", description="Short-lived tokens for a key.")

    @blueprint.post("/token")  # type: ignore[untyped-decorator]
    @blueprint.doc(requestBody=TOKEN_FORM, security=_CLIENT)  # type: ignore[untyped-decorator]
    @blueprint.response(200, TokenSchema, description="The token.")  # type: ignore[untyped-decorator]
    @blueprint.alt_response(400, schema=TokenRefusalSchema, description=_REFUSED[400])  # type: ignore[untyped-decorator]
    @blueprint.alt_response(401, schema=TokenRefusalSchema, description=_REFUSED[401])  # type: ignore[untyped-decorator]
    def post_token() -> Response:
        """Get a token for your key, or for some of its scopes."""
        form = read_form(request)
        grant = form.get("grant_type")
        if grant is None:
            raise OAuthError("invalid_request", "Send grant_type=client_credentials.")
        if grant != "client_credentials":
            raise OAuthError("unsupported_grant_type", "The one grant_type here is client_credentials.")
        scopes = form["scope"].split(" ") if "scope" in form else None
        issued = issue_token(context, read_client(context, request, form), scopes)
        answer = {
            "access_token": issued.text,
            "token_type": "Bearer",
            "expires_in": issued.seconds,
            "scope": " ".join(issued.scopes),
        }
        return as_json(answer, headers=NOT_STORED)

    @blueprint.post("/revoke")  # type: ignore[untyped-decorator]
    @blueprint.doc(requestBody=REVOCATION_FORM, security=_CLIENT)  # type: ignore[untyped-decorator]
    @blueprint.response(200, NothingSchema, description="It is no good now, whatever it was.")  # type: ignore[untyped-decorator]
    @blueprint.alt_response(400, schema=TokenRefusalSchema, description=_REFUSED[400])  # type: ignore[untyped-decorator]
    @blueprint.alt_response(401, schema=TokenRefusalSchema, description=_REFUSED[401])  # type: ignore[untyped-decorator]
    def post_revocation() -> Response:
        """End a token of your agency's before its time."""
        form = read_form(request)
        client = read_client(context, request, form)
        token = form.get("token")
        if token is None:
            raise OAuthError("invalid_request", "Send the token that is to end.")
        take_back_token(context, client, token)
        if read_key(token) is not None:
            raise OAuthError("unsupported_token_type", "A key is ended by the operator: ledger key revoke.")
        return as_json({}, headers=NOT_STORED)

    blueprint.register_error_handler(OAuthError, lambda error: error.as_response())
    blueprint.register_error_handler(RefusedError, _on_refused)
    blueprint.register_error_handler(NotHeldError, _on_not_held)
    return blueprint


def _on_refused(error: RefusedError) -> Response:
    if error.refusal.code == "scope_missing":
        return OAuthError("invalid_scope", error.refusal.detail).as_response()
    return unknown_client().as_response()


def _on_not_held(error: NotHeldError) -> Response:
    return OAuthError("invalid_client", refusal_of(error).detail).as_response()
