"""One door to a collection, for the verbs, for notebooks and for web pages: `Collection(home)`.

It joins the crawler, the repository and the index, and knows nothing of how it is asked or shown. Everything is imported when it
is first used: searching loads no Scrapy, SQLAlchemy or NumPy.
"""
