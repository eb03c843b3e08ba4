"""What people keep in a home: publishers, saved searches, marks, a sentence model."""
