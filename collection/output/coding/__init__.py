"""Reviews as a coded project that programs for qualitative analysis open, and what comes back from them (REFI-QDA 1.5, 2019)."""
