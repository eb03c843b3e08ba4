"""The benchmark over other projects' files: words are counted, and files are found in folders and source archives."""

import tarfile
import zipfile

from benchmarks.reading_corpora import Score, held, ours, unpacked, words


def test_recall_counts_each_word_as_often_as_it_stands():
    score = Score()

    score.add("a.docx", words("The baby, the BABY was seen"), words("the baby was seen on Monday"))

    row = score.row()
    assert (row["their words in ours"], row["our words in theirs"]) == (0.6667, 0.6667)
    assert score.worst == [(2, "a.docx", ["the", "baby"])]


def test_what_a_program_writes_of_its_own_is_told_from_what_the_file_has(tmp_path):
    path = tmp_path / "a.pptx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("slide.xml", "<s><p><t>Cat</t><t>egory</t></p><v>4.3</v></s>")
    score = Score()

    score.add("a.pptx", words("Category 4.3 10 20"), words("category"), held(path))

    row = score.row()
    assert (row["their words in ours"], row["of those that the file has"]) == (0.25, 0.5)
    assert row["of these without numbers"] == 1.0


def test_files_in_source_archives_are_found_and_read(tmp_path):
    source, folder = tmp_path / "from", tmp_path / "out"
    source.mkdir()
    (tmp_path / "in.rtf").write_bytes(rb"{\rtf1 Seen\par}")
    (tmp_path / "in.txt").write_bytes(b"not of a kind")
    with tarfile.open(source / "a.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "in.rtf", "tests/in.rtf")
        archive.add(tmp_path / "in.txt", "tests/in.txt")

    paths = unpacked(source, folder)

    assert [path.name for path in paths] == ["in.rtf"]
    assert list(ours(paths).values()) == ["Seen"]
