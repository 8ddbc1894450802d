"""The `ledger` command: one module a command, imported when it is run and not before."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class CommandPlace:
    """Where a command is, and what it is for in a line, so that help needs no import. Hidden ones serve other ones."""

    module: str
    attribute: str
    help: str
    hidden: bool = False


#: Every command, in the order in which help lists them.
COMMANDS: Mapping[str, CommandPlace] = {
    "up": CommandPlace("ledger.cli.up", "up", "Start everything here and keep it running, until Ctrl-C."),
    "doctor": CommandPlace("ledger.cli.doctor", "doctor", "Say what was found on this machine and what would be used."),
    "demo": CommandPlace("ledger.cli.demo", "demo", "Post the published reviews to a demonstration ledger."),
    "detect": CommandPlace("ledger.cli.detect", "detect", "Show what detection has parked; have it tried again."),
    "rebuild": CommandPlace("ledger.cli.rebuild", "rebuild", "Make every projection again, and compare."),
    "audit": CommandPlace("ledger.cli.audit", "audit", "Look through the ledger and its log for what does not hold."),
    "export": CommandPlace("ledger.cli.export", "export", "Take a record, or the log, away as files with proofs."),
    "backtest": CommandPlace("ledger.cli.backtest", "backtest", "Run scenarios through detection, without a server."),
    "bench": CommandPlace("ledger.cli.bench", "bench", "Measure ingest, detection delay, memory and size."),
    "replay": CommandPlace("ledger.cli.replay", "replay", "Show how a child's record came to be known, step by step."),
    "pack": CommandPlace("ledger.cli.pack", "pack", "Check a rule pack; print its reference."),
    "adults": CommandPlace("ledger.cli.adults", "adults", "Look for adults who may be in several children's records."),
    "rule": CommandPlace("ledger.cli.rule", "rule", "Say how rules fare; put one into shadow, or bring it live."),
    "partnership": CommandPlace("ledger.cli.administer", "partnership", "Open a partnership; its hours and ladder."),
    "agency": CommandPlace("ledger.cli.administer", "agency", "Add an agency to a partnership."),
    "key": CommandPlace("ledger.cli.keys", "key", "Issue, rotate, list and revoke agencies' keys."),
    "webhook": CommandPlace("ledger.cli.webhook", "webhook", "Say to which hosts an agency's webhooks may go."),
    "deliveries": CommandPlace(
        "ledger.cli.deliveries", "deliveries", "Mails and webhooks that were given up: try again, or forget."
    ),
    "person": CommandPlace("ledger.cli.administer", "person", "Add people who sign in; who left, who is away."),
    "team": CommandPlace("ledger.cli.people", "team", "Teams, and who is above an agency's people."),
    "migrate": CommandPlace("ledger.cli.processes", "migrate", "Bring the database to the newest schema."),
    "web": CommandPlace("ledger.cli.processes", "web", "Serve the API and the pages."),
    "worker": CommandPlace("ledger.cli.processes", "worker", "Detect, and do whatever else is due."),
    "beat": CommandPlace("ledger.cli.processes", "beat", "Remind the workers of what falls due."),
    "sealer": CommandPlace("ledger.cli.sealer", "sealer", "Put what was recorded into the log, and sign it."),
    "live": CommandPlace("ledger.cli.live", "live", "Hold streams open, and tell their readers of what is new."),
    "log": CommandPlace("ledger.cli.log", "log", "Make the log's keys; say how it stands; take it over; reopen."),
    "verify": CommandPlace("ledger.cli.verify", "verify", "Check an export offline, trusting nobody."),
    "witness": CommandPlace("ledger.cli.witness", "witness", "Vouch, as another agency, that a log only grows."),
    "prepare": CommandPlace("ledger.cli.prepare", "prepare", "Migrate and open the ledger, for `up`.", hidden=True),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is run or asked for its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — as click calls it
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        command: click.Command = getattr(importlib.import_module(place.module), place.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items() if not place.hidden])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args and args[0] not in COMMANDS:
            ctx.fail(f"There is no such command. {ctx.command_path} --help lists them.")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """A ledger that several agencies share, to keep children safe."""
