"""Published fields of a document or review, by name and with their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casereviews.repository.model import Fields


class Text:
    """A published field of one value; None when it is unknown."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, record: TypedFields, owner: type | None = None) -> str | None:
        value = record.fields.get(self.name)
        return None if value is None else str(value)


class Texts:
    """A published field of several values; none when it is unknown."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, record: TypedFields, owner: type | None = None) -> tuple[str, ...]:
        value = record.fields.get(self.name)
        if value is None:
            return ()
        return value if isinstance(value, tuple) else (str(value),)


class TypedFields:
    """What has `fields`: those that programs ask for most are properties too, under their published names.

    Dates are ISO, as long as their precision; of two types a bar stands between the codes.
    """

    __slots__ = ()

    if TYPE_CHECKING:  # the heir, a dataclass, has the field itself

        @property
        def fields(self) -> Fields: ...

    title = Text()
    subjects = Texts()
    review_type = Text()
    document_role = Text()
    publisher = Text()
    source = Text()
    nation = Text()
    areas = Texts()
    published = Text()
    themes = Texts()
    age_bands = Texts()
    outcome = Text()
    scope = Text()
    language = Text()
    availability = Text()
    trouble = Text()
    trouble_host = Text()
    landing_url = Text()
    file_url = Text()
