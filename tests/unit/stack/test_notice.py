"""How a part says that it is up."""

from pathlib import Path

from ledger.stack.notice import NoticeBoard, notify_ready


def test_a_notice_is_seen_once_and_an_old_one_never(tmp_path: Path) -> None:
    """What the part that died had said does not speak for the one that takes its place."""
    board = NoticeBoard(tmp_path / "notice")
    env = board.clear()
    assert not board.is_ready()
    notify_ready(env)
    env_again = board.clear()
    assert not board.is_ready()
    notify_ready(env_again)
    assert board.is_ready()
    board.close()


def test_saying_it_to_nobody_is_no_error(tmp_path: Path) -> None:
    """A process started singly has nobody who waits; one whose supervisor died neither."""
    notify_ready({})
    notify_ready({"NOTIFY_SOCKET": str(tmp_path / "gone")})
