"""A briefing drafted from the collection: what many reviews say of one matter, in their own sentences, each with its page."""
