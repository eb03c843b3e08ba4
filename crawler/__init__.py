"""Asks publishers' sites politely and turns their pages into sightings and files."""
