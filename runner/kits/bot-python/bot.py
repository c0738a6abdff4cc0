#!/usr/bin/python3
"""A bot for match-run. Your part is choose(); the protocol is in matchbot.py, which you need not read."""
import matchbot                 # first: from here on print() goes to standard error, your log
from matchbot import dice       # a random.Random that BOT_SEED makes the same again


# ------------------------------------ YOUR STRATEGY ------------------------------------

def choose(view):
    """Returns your action for one turn.

    view is what the game shows you, e.g. {"you": 0, "legal": ["up", "left"], ...}; print(view) to see it in the log.
    Any element of view["legal"] is an action; the game's description may know others.
    """
    return dice.choice(view["legal"])


def finished(end):
    """Called once after the match if bot.json says "final": true; end is {"you": 0, "ranks": [1, 2], "scores": ...}."""

# ---------------------------------------------------------------------------------------


if __name__ == "__main__":
    matchbot.play(choose, finished)
