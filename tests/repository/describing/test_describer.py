"""Which rules describe: another vocabulary, another packaged rule or other code is another describer; nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.repository.describing import describer
from casereviews.repository.describing.describer import describer_of
from casereviews.repository.vocabulary import PACKAGED, Theme, Vocabulary, rules

RULE = '[[rule]]\ncode = "{}"\nwords = ["kites?"]\nexamples = ["kite"]\n'


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process reads once is read by each call here."""
    for module, name in (
        (rules, "rule_files"),
        (rules, "rules_digest"),
        (describer, "_code_digest"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    monkeypatch.setattr(describer, "rules_digest", rules.rules_digest)


def test_the_same_rules_are_the_same_describer() -> None:
    assert describer_of(PACKAGED) == describer_of(PACKAGED)


def test_a_home_with_themes_of_its_own_has_its_own_describer() -> None:
    own = Vocabulary((*PACKAGED.themes, Theme("child_kites", "child_factor", "Kites", ("kite",))))
    assert describer_of(own) != describer_of(PACKAGED)


def test_a_changed_rule_file_is_another_describer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FOLDER", tmp_path)
    (tmp_path / "kites.toml").write_text(RULE.format("kite"))
    before = describer_of(PACKAGED)
    (tmp_path / "kites.toml").write_text(RULE.format("dragon"))
    assert describer_of(PACKAGED) != before


def test_changed_code_of_describing_is_another_describer_and_other_files_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describer, "files", lambda _: tmp_path)
    title = tmp_path / "describing" / "titles" / "types.py"
    title.parent.mkdir(parents=True)
    title.write_text("A = 1")
    before = describer_of(PACKAGED)
    (tmp_path / "archive.py").write_text("B = 1")
    (title.parent / "__pycache__").mkdir()
    (title.parent / "__pycache__" / "types.py").write_text("A = 1")
    assert describer_of(PACKAGED) == before
    title.write_text("A = 2")
    assert describer_of(PACKAGED) != before


def test_every_module_of_describing_and_of_the_vocabulary_counts() -> None:
    root = describer.files(describer.ROOM)
    counted = {path for path, _ in describer._modules(root, "", describer.CODE)}
    folder = Path(str(root))
    told = {
        "." + ".".join(path.relative_to(folder).parts)
        for part in ("describing", "vocabulary", "processing")
        for path in (folder / part).rglob("*.py")
    }
    assert counted >= told | {".model.py"}
