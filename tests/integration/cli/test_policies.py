import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from ledger.cli import main
from tests.partnership import Partnership


def policy(*arguments: str) -> Result:
    """Run `ledger agency policy …`."""
    return CliRunner().invoke(main, ["agency", "policy", *arguments])


@pytest.fixture(autouse=True)
def _database(partnership: Partnership, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the partnership's database."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)


def test_a_policy_is_put_in_force_and_kept(partnership: Partnership) -> None:
    """Each is an entry of the partnership's record; the newest counts; saying the same again adds nothing."""
    assert "must name the policy P-1" in policy("hv", "--reference", "P-1", "--title", "Photographs").output
    assert "in force already" in policy("hv", "--reference", "P-1", "--title", "Photographs").output
    assert policy("hv", "--reference", "P-2", "--url", "https://hv.example/p-2").exit_code == 0
    query = text("SELECT reference, title, url FROM ledger.photograph_policies WHERE agency_id = 'hv' ORDER BY number")
    with partnership.acting("ledger_admin", "ledger") as connection:
        assert [tuple(row) for row in connection.execute(query)] == [
            ("P-1", "Photographs", None),
            ("P-2", None, "https://hv.example/p-2"),
        ]
        kinds = text("SELECT kind FROM ledger.contents WHERE record_id = :record")
        told = connection.scalars(kinds, {"record": partnership.partnership_record}).all()
    assert told.count("photograph_policy_set") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody", "--reference", "P", "--title", "x"), "no agency by this reference"),
        (("hv", "--reference", "P"), "where the policy is to be found"),
        (("hv", "--reference", " ", "--title", "x"), "one line each"),
        (("hv", "--reference", "P\nQ", "--title", "x"), "one line each"),
        (("hv", "--reference", "P", "--title", "x" * 201), "one line each"),
        (("hv", "--reference", "P", "--url", "javascript:alert(1)"), "begins with https"),
    ],
)
def test_what_is_no_policy_is_refused(arguments: tuple[str, ...], words: str) -> None:
    """Of nobody's, without a place, empty, of several lines or no address: one plain line says which."""
    result = policy(*arguments)
    assert (result.exit_code, words in result.output) == (1, True), result.output
