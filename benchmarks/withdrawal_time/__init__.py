"""How long the bytes of what was withdrawn are still somewhere in a store, a module a store: with the settings that it comes with, and with those recommended."""
