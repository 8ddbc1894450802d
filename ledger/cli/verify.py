"""`ledger verify`: check an export offline, with the code that is the single file's as well."""

import click


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check an export of the ledger, offline and without trusting whoever made it."""
    from ledger.domain.verify.command import main

    # The single file has no click, so one parser of the standard library serves both. It ends the process itself: an
    # exit code of 1 says that an export is broken, and nothing else may end with it.
    main(arguments, "ledger verify")
