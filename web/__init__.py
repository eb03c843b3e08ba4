"""A page for people: the collection's second face, in a browser. It knows the collection and adds nothing to what that can do."""
