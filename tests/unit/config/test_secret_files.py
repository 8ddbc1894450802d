from pathlib import Path

import pytest

from config.secret_files import SECRETS, SecretFileError, with_secrets
from config.settings import Settings, SettingsError

DATABASE = "postgresql://someone:pass-phrase@db.example:5432/ledger"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a secret that its owner alone may read."""
    made = tmp_path / "secret"
    made.write_text(f"{DATABASE}\n")
    made.chmod(0o600)
    return made


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_stand_in_a_file(name: str, file: Path) -> None:
    """NAME_FILE names the file; what stands in it is the setting, without the line's end."""
    assert with_secrets({f"{name}_FILE": str(file), "OTHER": "x"}) == {name: DATABASE, "OTHER": "x"}


def test_settings_are_read_from_files(file: Path, tmp_path: Path) -> None:
    """A process needs no secret in its environment."""
    redis = tmp_path / "redis"
    redis.write_text("redis://:pass-phrase@cache.example/1")
    redis.chmod(0o640)
    settings = Settings.from_env({"DATABASE_URL_FILE": str(file), "REDIS_URL_FILE": str(redis)})
    assert (settings.database_url, settings.redis_url) == (DATABASE, "redis://:pass-phrase@cache.example/1")


def test_a_file_that_everybody_may_read_is_refused(file: Path) -> None:
    """It keeps no secret; the message names the variable, says what to do, and repeats nothing."""
    file.chmod(0o604)
    with pytest.raises(SettingsError, match=r"DATABASE_URL_FILE .* chmod o-rwx") as refused:
        Settings.from_env({"DATABASE_URL_FILE": str(file)})
    assert "pass-phrase" not in str(refused.value)


@pytest.mark.parametrize(
    ("held", "words"), [(b"", "is empty"), (b" \n", "is empty"), (b"x" * 70_000, "more than"), (b"\xff", "no text")]
)
def test_a_file_without_a_secret_is_refused(held: bytes, words: str, file: Path) -> None:
    """Empty, far too long, or no text: each is said, and nothing of it repeated."""
    file.write_bytes(held)
    with pytest.raises(SecretFileError, match=words):
        with_secrets({"REDIS_URL_FILE": str(file)})


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A wrong path is named by its variable."""
    with pytest.raises(SecretFileError, match="REDIS_URL_FILE names cannot be read"):
        with_secrets({"REDIS_URL_FILE": str(tmp_path / "none")})


def test_a_secret_is_said_once(file: Path) -> None:
    """Of a value and a file one would be wrong, and nobody could tell which."""
    with pytest.raises(SecretFileError, match="both set"):
        with_secrets({"DATABASE_URL": DATABASE, "DATABASE_URL_FILE": str(file)})
