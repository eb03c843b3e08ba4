"""What the board's editors have done before a night: `manage.py night STEP`, once each, in this order."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from wagtail.documents.models import Document
from wagtail.models import Page, Site

from board.models import Review, ReviewList


class Command(BaseCommand):
    """Steps: first, changed (one added, one taken off its list, one deleted), replaced."""

    def add_arguments(self, parser):
        """The step."""
        parser.add_argument("step", choices=["first", "changed", "replaced"])

    def handle(self, *, step, **_):
        """Do it."""
        getattr(self, f"_{step}")()

    def _first(self):
        home = Page.objects.get(depth=2)
        reviews = home.add_child(
            instance=ReviewList(title="Child safeguarding practice reviews", slug="reviews")
        )
        Site.objects.update(root_page=home)
        _document("orphan-serious-case-review.pdf", "Child Orphan serious case review")
        briefing = _document("chervil-briefing.pdf")
        reviews.body = [
            (
                "paragraph",
                "<p>These reviews help us to learn. The law changed on 29 June 2018.</p>",
            ),
            ("heading", "Child Fennel (published May 2026)"),
            ("download", _download("Overview report", "fennel-overview.pdf")),
            ("download", _download("Seven minute briefing", "fennel-briefing.pdf")),
            (
                "fold",
                {
                    "title": "Child Chervil – published June 2023",
                    "text": f'<p>Read <a linktype="document" id="{briefing.id}">the learning summary</a> first.</p>',
                    "downloads": [_download("Overview report", "chervil-overview.pdf")],
                },
            ),
            (
                "fold",
                {
                    "title": "Child Savory – published March 2017",
                    "text": "<p>An invented review.</p>",
                    "downloads": [_download("Overview report", "savory-overview.pdf")],
                },
            ),
            (
                "cards",
                [
                    _card("Child Marjoram", date(2026, 9, 4), "marjoram.pdf"),
                    _card("Child Lovage", date(2021, 3, 11), "lovage.pdf"),
                    _card("Child Hyssop", None, "hyssop.pdf"),
                ],
            ),
            ("heading", "About the partnership"),
            ("download", _download("Annual report 2025 to 2026", "annual-report.pdf")),
            ("download", _download("Form to refer a child", "referral-form.pdf")),
        ]
        reviews.save_revision().publish()
        _review(reviews, "Child Dittany", date(2018, 4, 2), ("overview", "briefing"))
        _review(reviews, "Child Costmary", date(2019, 5, 3), ("overview",))
        _review(reviews, "Child Angelica", date(2026, 11, 20), ("overview", "response"))
        _review(reviews, "Child Draft", date(2027, 2, 1), ("overview",), live=False)

    def _changed(self):
        reviews = ReviewList.objects.get()
        _review(reviews, "Child Bergamot", date(2027, 3, 1), ("overview", "briefing"))
        for block in reviews.body:  # the file of Child Marjoram stays with Wagtail
            if block.block_type == "cards":
                block.value.pop(0)
        reviews.save_revision().publish()
        Review.objects.get(title="Child Angelica").delete()
        for document in Document.objects.filter(title__startswith="Child Angelica"):
            document.delete()

    def _replaced(self):
        document = Document.objects.get(file__endswith="fennel-overview.pdf")
        document.file.delete(save=False)
        document.file.save("fennel-overview.pdf", _paper("fennel-overview-second.pdf"), save=False)
        document._set_document_file_metadata()
        document.save()


def _paper(name):
    return ContentFile((Path(settings.ROOT) / "papers" / name).read_bytes(), name=name)


def _document(name, title=""):
    document = Document(title=title or name, file=_paper(name))
    document._set_document_file_metadata()  # as Wagtail's own form does: without it every ETag is empty
    document.save()
    return document


def _download(words, name, title=""):
    return {"words": words, "document": _document(name, title)}


def _card(title, day, name):
    return {
        "title": title,
        "day": day,
        "text": "Local child safeguarding practice review.",
        "document": _document(name),
    }


_WORDS = {
    "overview": "Overview report",
    "briefing": "Practitioner briefing",
    "response": "Response of the partnership",
}


def _review(parent, title, published, roles, *, live=True):
    name = title.rpartition(" ")[2].lower()
    parent.add_child(
        instance=Review(
            title=title,
            slug=title.lower().replace(" ", "-"),
            published=published,
            search_description="An invented review.",
            introduction="<p>An invented review of the help that a family was given.</p>",
            documents=[
                ("download", _download(_WORDS[role], f"{name}-{role}.pdf", f"{title} {role}"))
                for role in roles
            ],
            live=live,
        )
    )
