"""The environment in which a command works: what is set, else the embedded stack that runs here now.

So `ledger key issue …` in a second terminal speaks to the ledger that `ledger up` started in the first.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from config.settings import Settings, SettingsError, data_folder, secrets_read
from ledger.stack.lock import holder


def current_environment() -> dict[str, str]:
    """This process's environment, completed by a running embedded stack where DATABASE_URL is not set."""
    environment = secrets_read(os.environ)
    if environment.get("DATABASE_URL"):
        return environment
    for demonstration in (False, True):
        running = running_stack(data_folder(environment, demonstration=demonstration))
        if running:
            return {**environment, **running}
    return environment


def running_stack(data: Path) -> Mapping[str, str] | None:
    """What the stack on a data folder gives its parts, if one runs there now."""
    if holder(data) is None:
        return None
    try:
        given = json.loads((data / "state.json").read_text())["environment"]
    except (OSError, ValueError, KeyError):
        return None
    return {str(name): str(value) for name, value in given.items()}


def current_settings() -> Settings:
    """The settings of this command; a setting that is missing or wrong ends it with a plain line."""
    try:
        return Settings.from_env(current_environment())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
