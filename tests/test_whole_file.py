"""A file is whole or not there: a writer that fails or is killed leaves what was, and the next one clears up."""

import os
import stat
import threading
from pathlib import Path

import pytest

from kwri_crawler.whole_file import NotWritten, whole_file


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_in_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "out.csv"
    with whole_file(str(place)) as out:
        out.write(b"whole")
        assert not place.exists()
    assert place.read_bytes() == b"whole"
    assert left(place.parent) == ["out.csv"]


def test_a_writer_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "out.csv"
    place.write_bytes(b"old")
    with pytest.raises(TypeError), whole_file(str(place)) as out:
        out.writelines([b"half", None])  # type: ignore[list-item]
    assert place.read_bytes() == b"old"
    assert left(tmp_path) == ["out.csv"]


@pytest.mark.parametrize(("mode", "expected"), [(None, 0o640), (0o600, 0o600)])
def test_a_file_has_the_permissions_of_any_new_one_or_those_that_were_asked_for(
    mode: int | None, expected: int, tmp_path: Path
) -> None:
    mask = os.umask(0o027)
    try:
        with whole_file(str(tmp_path / "out"), mode) as out:
            out.write(b"x")
        assert os.umask(0o027) == 0o027, "the process's mask is as it was"
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == expected


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "real.csv"
    target.write_bytes(b"old")
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    with whole_file(str(link)) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.append(pipe.read_bytes()))
    reader.start()
    with whole_file(str(pipe)) as out:
        out.write(b"through")
    reader.join(10)
    assert seen == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_killed_writers_left_is_removed_and_what_others_write_is_not(tmp_path: Path) -> None:
    dead, other = tmp_path / ".out.csv.abcdefgh.part", tmp_path / ".out.csv.notes"
    unlike = tmp_path / ".out.csv.ABCDEFGH.part"
    for path in (dead, other, unlike):
        path.write_bytes(b"x")
    with whole_file(str(tmp_path / "out.csv")) as first:
        first.write(b"1")
        assert not dead.exists()
        alive = set(left(tmp_path))
        with whole_file(str(tmp_path / "out.csv")) as second:
            assert alive <= set(left(tmp_path)), "the first writer's file is locked, and in use"
            second.write(b"2")
    assert (tmp_path / "out.csv").read_bytes() == b"1", "the last one to end"
    assert left(tmp_path) == [".out.csv.ABCDEFGH.part", ".out.csv.notes", "out.csv"]


def test_a_file_that_cannot_be_written_is_named_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten, match=r"file/out.csv: cannot be written: .*; free some disk space"):
        whole_file(str(tmp_path / "file" / "out.csv")).__enter__()
    with pytest.raises(NotWritten), whole_file(str(tmp_path)) as out:
        out.write(b"x")
    assert left(tmp_path) == ["file"]


def test_a_dash_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with whole_file("-") as out:
        out.write(b"to the screen")
    assert capfdbinary.readouterr().out == b"to the screen"


def test_a_name_as_long_as_a_file_system_takes_is_written(tmp_path: Path) -> None:
    name = "n" * 255
    with whole_file(str(tmp_path / name)) as out:
        out.write(b"x")
    assert left(tmp_path) == [name]
