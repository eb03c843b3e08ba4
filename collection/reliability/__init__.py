"""How far what the program says of reviews can be relied on: a sample to code by hand, the agreement with it, and the text of the methods section."""
