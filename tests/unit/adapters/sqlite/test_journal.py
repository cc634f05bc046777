import sqlite3

import pytest

from aipx.adapters.sqlite.journal import SqliteJournal
from aipx.errors import InputError, LeaseLost
from aipx.model.ids import AccountId, Sequence
from tests.support.oms import ACCOUNT, Desk, fill


def events():
    desk = Desk()
    desk.working("0000000001")
    desk.notify(fill("0000000001", 4, 80_000))
    return desk.events


def test_what_was_appended_is_read_after_a_restart(tmp_path):
    path = tmp_path / "journal.sqlite"
    journal = SqliteJournal(path, ACCOUNT)
    journal.append(events()[:2])
    journal.append(events()[2:])
    journal.mark_published(Sequence(3))
    journal.close()

    again = SqliteJournal(path, ACCOUNT)

    assert list(again.read(after=Sequence(0))) == events()
    assert list(again.read(after=Sequence(4))) == events()[4:]
    assert again.published() == 3
    again.close()


def test_second_opener_is_refused_while_the_first_lives(tmp_path):
    first = SqliteJournal(tmp_path / "j", ACCOUNT)

    with pytest.raises(LeaseLost, match="another process"):
        SqliteJournal(tmp_path / "j", ACCOUNT)

    first.close()
    SqliteJournal(tmp_path / "j", ACCOUNT).close()


def test_append_after_the_epoch_was_raised_writes_nothing(tmp_path):
    path = tmp_path / "j"
    journal = SqliteJournal(path, ACCOUNT)
    journal.append(events()[:1])
    with sqlite3.connect(path) as other:
        other.execute("UPDATE lease SET epoch = epoch + 1")
    other.close()

    with pytest.raises(LeaseLost, match="epoch 2"):
        journal.append(events()[1:])

    assert list(journal.read(after=Sequence(0))) == events()[:1]
    journal.close()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event SET payload = payload || x'00' WHERE sequence = 2",
        "DELETE FROM event WHERE sequence = 2",
        "UPDATE event SET hash = zeroblob(32) WHERE sequence = 2",
    ],
)
def test_record_that_was_changed_or_removed_is_found(tmp_path, tampering):
    path = tmp_path / "j"
    journal = SqliteJournal(path, ACCOUNT)
    journal.append(events())
    journal.close()
    with sqlite3.connect(path) as other:
        other.execute(tampering)
    other.close()

    again = SqliteJournal(path, ACCOUNT)
    with pytest.raises(InputError, match="the file was changed"):
        list(again.read(after=Sequence(0)))
    again.close()


def test_file_that_is_no_database_and_folder_that_is_none_are_one_line(tmp_path):
    (tmp_path / "text").write_text("not a database, but long enough to be looked at as one" * 9)

    with pytest.raises(InputError, match="text"):
        SqliteJournal(tmp_path / "text", ACCOUNT)
    with pytest.raises(InputError, match="No such file"):
        SqliteJournal(tmp_path / "nowhere" / "j", ACCOUNT)


def test_accounts_do_not_see_each_other(tmp_path):
    first = SqliteJournal(tmp_path / "j", ACCOUNT)
    first.append(events())
    first.close()

    other = SqliteJournal(tmp_path / "j", AccountId("87654321-01"))
    assert list(other.read(after=Sequence(0))) == []
    other.close()
