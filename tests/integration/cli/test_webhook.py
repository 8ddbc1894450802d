import json

from click.testing import CliRunner, Result
from sqlalchemy import text

from ledger.cli import main
from tests.partnership import Partnership


def test_an_agencys_list_is_said_at_the_command_line(partnership: Partnership) -> None:
    """In force from then on and instead of the one before; an entry each, none where nothing changes; and what is no
    public name, or no agency, is refused in a line.
    """
    env = {"DATABASE_URL": partnership.database_url}

    def allow(*words: str) -> Result:
        return CliRunner().invoke(main, ["webhook", "allow", *words], env=env)

    assert "may go to a.hv.example, b.hv.example." in allow("hv", "b.hv.example", "a.hv.example").output
    assert "as before" in allow("hv", "a.hv.example", "b.hv.example").output
    assert "may go to c.hv.example." in allow("hv", "c.hv.example").output
    assert "may go to no host." in allow("hv", "--none").output
    for words, said in (
        (("hv", "10.0.0.1"), "not public"), (("hv", "localhost"), "public domain name system"),
        (("hv", "HOOKS.example"), "small letters"), (("nobody", "a.example"), "no agency"), (("hv",), "--none"),
        (("hv", "a.example", "--none"), "--none"),
    ):  # fmt: skip
        refused = allow(*words)
        assert refused.exit_code != 0
        assert said in refused.output, words
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT content FROM ledger.contents WHERE kind = 'webhook_hosts_set' ORDER BY number")
        bodies = [json.loads(content)["body"] for content in connection.scalars(query)]
    assert [body["hosts"] for body in bodies] == [["a.hv.example", "b.hv.example"], ["c.hv.example"], []]
