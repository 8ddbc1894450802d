"""Bring many observations at once: a file, what each row of it would become, and how far posting has come."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.domain.import_row import COLUMNS
from ledger.services.import_file import FILE_BYTES_MAX, ROWS_MAX, ImportFileError
from ledger.services.import_rows import LISTED, ROWS_OF_PAGE, CheckBody, bring, shown_rows
from ledger.services.import_template import template_csv, template_xlsx
from ledger.services.seal import Sealer
from ledger.services.sign_in import SignedIn
from ledger.store import imports
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

#: Where the application keeps what checks an observation as the interface does, among its extensions.
CHECK_OBSERVATION: Final = "ledger.check_observation"
#: What stands around the file in the form.
_FORM_BYTES: Final = 16 * 1024
_STATES: Final = ("wrong", "waiting", "posted", "already", "refused", "left")
_NO_FILE: Final = "Choose the file"
_TOO_LARGE: Final = f"The file is larger than {FILE_BYTES_MAX // 1024 // 1024} MB: bring it in parts"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/imports", endpoint="imports")(show_imports)
    blueprint.post("/imports", endpoint="bring_import")(press_import)
    blueprint.get("/imports/template.csv", endpoint="import_csv")(send_csv)
    blueprint.get("/imports/template.xlsx", endpoint="import_xlsx")(send_xlsx)
    blueprint.get("/imports/<uuid:import_id>", endpoint="import")(show_import)
    blueprint.post("/imports/<uuid:import_id>", endpoint="decide_import")(press_decision)


def show_imports() -> str:
    """What a file must hold, the form to bring one, and those that the person brought lately."""
    with acting() as (connection, _):
        return _imports_page(connection)


def press_import() -> Answer | tuple[str, int]:
    """Look through a file and keep its rows for their person; pressing twice is pressing once."""
    request.max_content_length = FILE_BYTES_MAX + _FORM_BYTES
    if (request.content_length or 0) > FILE_BYTES_MAX + _FORM_BYTES:
        return _refused(_TOO_LARGE)
    with acting() as (connection, person):
        check_form(person)
        import_id, file = _token(request.form.get("token", "")), request.files.get("file")
        data = file.read() if file is not None else b""
        if not data:
            return _imports_page(connection, {"file": _NO_FILE}), 400
        try:
            _bring(connection, person, import_id, data)
        except ImportFileError as error:
            return _imports_page(connection, {"file": str(error)}), 400
    return redirect(url_for("web.import", import_id=import_id), 303)


def send_csv() -> Response:
    """The template as CSV."""
    return _template(template_csv(), "text/csv", "observations.csv")


def send_xlsx() -> Response:
    """The template as a workbook."""
    return _template(template_xlsx(context().pack), _XLSX, "observations.xlsx")


def show_import(import_id: UUID) -> str:
    """A file of the person's: what each row would become, how far posting has come, or what each came to."""
    page, state = max(request.args.get("page", 1, int), 1), request.args.get("state")
    with acting() as (connection, _):
        found = imports.one(connection, import_id)
        if found is None or (state is not None and state not in _STATES):
            raise NotFound
        rows = shown_rows(connection, _sealer(), import_id, state=state, page=page)
        counts = {name: getattr(found, "left_out" if name == "left" else name) for name in _STATES}
        listed = counts[state] if state else found.row_count
        pages = max(1, -(-listed // ROWS_OF_PAGE))
        return render_template(
            "import.html", found=found, rows=rows, counts=counts, page=page, pages=pages, state=state,
        )  # fmt: skip


def press_decision(import_id: UUID) -> Answer:
    """Have the rows that are right posted, or let go of all of them; pressing twice is pressing once."""
    with acting() as (connection, person):
        check_form(person)
        if imports.one(connection, import_id) is None:
            raise NotFound
        if request.form.get("act") == "post":
            imports.confirm(connection, import_id, context().real_now())
        elif request.form.get("act") == "drop":
            imports.end(connection, import_id, "dropped", context().real_now())
    return redirect(url_for("web.import", import_id=import_id), 303)


def _bring(connection: Connection, person: SignedIn, import_id: UUID, data: bytes) -> None:
    given = context()
    check: CheckBody = current_app.extensions[CHECK_OBSERVATION]
    bring(
        connection, _sealer(), person.caller, import_id, data,
        check=check, now=given.real_now(), chance=given.chance,
    )  # fmt: skip


def _imports_page(connection: Connection, errors: dict[str, str] | None = None) -> str:
    values: dict[str, Any] = {
        "columns": COLUMNS,
        "found": imports.newest(connection, LISTED),
        "token": UUID(bytes=context().chance(16), version=4),
        "rows_max": ROWS_MAX,
        "is_set_up": context().sign_in.sealer is not None,
    }
    return render_template("imports.html", errors=errors or {}, **values)


def _refused(words: str) -> tuple[str, int]:
    with acting() as (connection, _):
        return _imports_page(connection, {"file": words}), 413


def _sealer() -> Sealer:
    found = context().sign_in.sealer
    if found is None:
        raise NotFound  # the page says that nothing can be brought here
    return found


def _token(text: str) -> UUID:
    """Under what the file is kept: as the page said, so that a second press finds it kept."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(bytes=context().chance(16), version=4)


def _template(data: bytes, media_type: str, name: str) -> Response:
    with acting():
        return Response(data, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
