"""The command line: verbs, output formats and the bundled demo."""
