"""Plays the first legal move."""
from arena_api import play

play(lambda view: view["legal"][0])
