"""ZIP archives: what is unpacked, under which name, and everything an archive may be made to do that it must not."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.archive import members as archives
from kcreate.core.notes.formats.archive import zip_file
from kcreate.core.notes.formats.archive.members import Member, check_container, members


def test_members_come_one_by_one_and_are_gone_when_the_next_is_asked_for(tmp_path: Path) -> None:
    file = zipped(tmp_path, {"one.md": b"# One", "folder/": b"", "folder/two.txt": "二".encode()})
    into = tmp_path / "into"
    into.mkdir()
    seen = []
    for member in members(file, "notes.zip", into):
        assert member.path is not None and list(into.iterdir()) == [member.path]
        seen.append((member.name, member.path.suffix, member.path.read_bytes()))
    assert seen == [("one.md", ".md", b"# One"), ("folder/two.txt", ".txt", "二".encode())]
    assert not list(into.iterdir())


def test_what_systems_leave_behind_is_passed_over_and_unwanted_files_are_not_unpacked(tmp_path: Path) -> None:
    names = ["a.md", "__MACOSX/._a.md", ".DS_Store", "b/.git/config", "Thumbs.db", "~$draft.docx", "film.mp4"]
    file = zipped(tmp_path, dict.fromkeys(names, b"x"))
    assert [member.name for member in unpacked(file, wanted=lambda name: not name.endswith(".mp4"))] == ["a.md"]


def test_of_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.md", "old")
        archive.writestr("a.md", "new")
    assert [content for _, content in contents(file)] == [b"new"]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gbk", ["第一讲 版本控制.md", "图片/说明.txt", "课.md"]),
        ("big5", ["第一講 版本控制.md", "說明.txt"]),
        ("cp932", ["第一回 バージョン管理.md", "ノート.txt"]),
        ("cp437", ["Möbel.md", "créée.txt", "Übergröße.md"]),
        ("utf-8", ["笔记.md", "Übung.txt"]),
    ],
)
def test_names_written_without_saying_their_encoding_are_told(tmp_path: Path, encoding: str, names: list[str]) -> None:
    file = tmp_path / "windows.zip"
    file.write_bytes(raw_zip({name.encode(encoding): b"x" for name in names}))
    assert [member.name for member in unpacked(file)] == names


def test_names_in_an_extra_field_and_with_back_slashes_are_read(tmp_path: Path) -> None:
    stored = b"lecture\\?.md"
    path = "lecture/笔记.md".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(path), 1, zlib.crc32(stored)) + path
    file = tmp_path / "a.zip"
    file.write_bytes(raw_zip({stored: b"x", b"folder\\b.md": b"y"}, extra={stored: extra}))
    assert [member.name for member in unpacked(file)] == ["lecture/笔记.md", "folder/b.md"]


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "C:\\out.md", "a/../../out.md", "\\\\server\\out.md"])
def test_names_that_lead_outside_are_passed_over_with_a_warning(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(raw_zip({name.encode(): b"evil", b"good.md": b"good"}))
    bad, good = unpacked(file)
    assert bad.path is None and "leads out" in bad.warning and ".." not in bad.name and not bad.name.startswith("/")
    assert good.name == "good.md"
    assert not list(tmp_path.rglob("out.md"))


def test_links_are_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("passwords.md")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (member,) = unpacked(file)
    assert member.path is None and "is a link" in member.warning


def test_a_bomb_is_refused_by_what_comes_out_whatever_it_declares(tmp_path: Path) -> None:
    file = zipped(tmp_path, {"bomb.txt": bytes(60_000_000), "good.md": b"good"})
    data = file.read_bytes()
    length = struct.pack("<I", 60_000_000)
    assert data.count(length) == 2
    file.write_bytes(data.replace(length, struct.pack("<I", 1000)))
    bad, good = unpacked(file)
    assert bad.path is None and "200 times" in bad.warning
    assert good.name == "good.md"


def test_an_archive_that_unpacks_to_too_much_in_sum_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_file.Budget, "__init__", budget_of(bytes=2500, members=100))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.md", b"b" * 1500)
    file = zipped(tmp_path, {"a.md": b"a" * 1000, "inner.zip": inner.getvalue()})
    with pytest.raises(InputError, match=r"course\.zip unpacks to more than"):
        unpacked(file, "course.zip")


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, {f"{number}.md": b"" for number in range(zip_file.MAX_MEMBERS + 1)})
    with pytest.raises(InputError, match="more than 20,000 files"):
        unpacked(file)


def test_archives_inside_are_opened_once_and_not_twice(tmp_path: Path) -> None:
    third = nested({"deep.md": b"deep"})
    second = nested({"inside.md": b"inside", "third.zip": third})
    found = unpacked(zipped(tmp_path, {"second.zip": second, "broken.zip": b"PK\x03\x04 cut off", "a.md": b"a"}))
    assert [member.name for member in found if member.path] == ["second.zip/inside.md", "a.md"]
    warnings = [member.warning for member in found if member.warning]
    assert len(warnings) == 2
    assert warnings[0].startswith("second.zip/third.zip is an archive in an archive in an archive")
    assert warnings[1].startswith("broken.zip is broken")


def test_encrypted_members_are_named_and_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    mixed = tmp_path / "mixed.zip"
    mixed.write_bytes(raw_zip({b"secret.md": b"x" * 20, b"open.md": b"open"}, encrypted={b"secret.md"}))
    secret, opened = unpacked(mixed)
    assert secret.warning == "secret.md is encrypted; unpack it with its password" and opened.path is not None
    whole = tmp_path / "whole.zip"
    whole.write_bytes(raw_zip({b"secret.md": b"x" * 20}, encrypted={b"secret.md"}))
    with pytest.raises(InputError, match=r"^whole is encrypted"):
        unpacked(whole, "whole")


def test_broken_members_cost_only_themselves(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    data = raw_zip({b"bad.md": b"AAAA", b"good.md": b"BBBB"})
    file.write_bytes(data.replace(b"AAAA", b"AAXA", 1))
    bad, good = unpacked(file)
    assert bad.warning.startswith("bad.md is broken") and good.name == "good.md"
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("old.md", "x" * 1000)
    assert "packed in a way" in unpacked(tmp_path / "b.zip")[0].warning


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04" + b"\x00" * 100, "broken or cut off"),
        (b"Rar!\x1a\x07\x00" + b"\x00" * 100, "is a RAR archive"),
        (b"just text that somebody called .zip", "is no ZIP archive"),
    ],
)
def test_what_is_no_archive_is_refused_in_a_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        unpacked(file)


def test_a_cut_off_archive_is_broken(tmp_path: Path) -> None:
    file = zipped(tmp_path, {"a.md": b"a" * 5000})
    file.write_bytes(file.read_bytes()[:-60])
    with pytest.raises(InputError, match="broken"):
        unpacked(file)


def test_a_sound_container_passes_and_the_same_one_cut_short_does_not(tmp_path: Path) -> None:
    sound = zipped(tmp_path, {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    check_container(sound, "a.docx")
    sound.write_bytes(sound.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"a\.docx"):
        check_container(sound, "a.docx")


@pytest.mark.parametrize(
    ("suffix", "data", "said"),
    [
        (".docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "without a password"),
        (".xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, r"save it as \.xlsx"),
        (".pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, r"save it as \.pptx"),
        (".docx", b"%PDF-1.7", "is a PDF"),
        (".docx", b"", "is empty"),
        (".epub", b"plain words", "is no ZIP archive"),
    ],
)
def test_documents_that_are_no_sound_containers_are_refused(
    tmp_path: Path, suffix: str, data: bytes, said: str
) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        check_container(file, f"a{suffix}")


def test_containers_with_bombs_and_with_entities_are_refused(tmp_path: Path) -> None:
    bomb = zipped(tmp_path, {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w>" + b" " * 30_000_000})
    with pytest.raises(InputError, match="unpacks to"):
        check_container(bomb, "a.docx")
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>'
    for text in (laughs, b"\xff\xfe" + laughs.decode().encode("utf-16-le")):
        file = zipped(tmp_path, {"[Content_Types].xml": b"<Types/>", "word/document.xml": text})
        with pytest.raises(InputError, match="entities"):
            check_container(file, "a.docx")


def unpacked(file: Path, shown_as: str = "a.zip", **how: object) -> list[Member]:
    into = file.parent / f"into-{file.stem}"
    into.mkdir()
    found = list(archives.members(file, shown_as, into, **how))  # type: ignore[arg-type]
    assert not list(into.iterdir())
    return found


def contents(file: Path) -> list[tuple[str, bytes]]:
    into = file.parent / "into"
    into.mkdir()
    return [(one.name, one.path.read_bytes()) for one in members(file, "a.zip", into) if one.path]


def zipped(folder: Path, files: Mapping[str, bytes]) -> Path:
    file = folder / "made.zip"
    file.write_bytes(nested(files))
    return file


def nested(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def raw_zip(
    files: Mapping[bytes, bytes],
    extra: Mapping[bytes, bytes] = {},
    encrypted: frozenset[bytes] | set[bytes] = frozenset(),
) -> bytes:
    """An archive of stored members byte by byte, as old programs write it: names in any encoding, no flag that says which."""
    body, directory = b"", b""
    for name, data in files.items():
        flags, more = int(name in encrypted), extra.get(name, b"")
        fields = struct.pack(
            "<HHHHHIIIHH", 20, flags, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), len(more)
        )
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name + more
        )
        body += b"PK\x03\x04" + fields + name + more + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def budget_of(**limits: int) -> object:
    def make(self: zip_file.Budget, shown_as: str) -> None:
        self.shown_as, self.bytes, self.members = shown_as, limits["bytes"], limits["members"]

    return make
