"""What is asked of a collection: counts, cases alike, news, how it stands, how a search was made."""
