"""Pages as boards build them: a list whose body is a stream of blocks, with a card for each of its child pages."""

from django.core.paginator import Paginator
from django.db import models
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class DownloadBlock(blocks.StructBlock):
    """A document with the editor's words for it."""

    words = blocks.CharBlock()
    document = DocumentChooserBlock()

    class Meta:
        template = "board/download.html"


class FoldBlock(blocks.StructBlock):
    """A fold that opens: a title, some text, documents."""

    title = blocks.CharBlock()
    text = blocks.RichTextBlock(features=["document-link"])
    downloads = blocks.ListBlock(DownloadBlock())

    class Meta:
        template = "board/fold.html"


class CardBlock(blocks.StructBlock):
    """A card that is a link as a whole."""

    title = blocks.CharBlock()
    day = blocks.DateBlock(required=False)
    text = blocks.CharBlock()
    document = DocumentChooserBlock()

    class Meta:
        template = "board/card.html"


class ReviewList(Page):
    """The list: its body, then its child pages, two to a page."""

    body = StreamField(
        [
            ("heading", blocks.CharBlock(template="board/heading.html")),
            ("paragraph", blocks.RichTextBlock()),
            ("download", DownloadBlock()),
            ("fold", FoldBlock()),
            ("cards", blocks.ListBlock(CardBlock(), template="board/cards.html")),
        ]
    )
    template = "board/review_list.html"

    def get_context(self, request, *args, **kwargs):
        """The cards of one page of the list."""
        context = super().get_context(request, *args, **kwargs)
        children = Review.objects.child_of(self).live().order_by("-published")
        context["reviews"] = Paginator(children, 2).get_page(request.GET.get("page"))
        return context


class Review(Page):
    """One review with its documents."""

    published = models.DateField()
    introduction = RichTextField()
    documents = StreamField([("download", DownloadBlock())])
    template = "board/review.html"
