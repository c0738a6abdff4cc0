"""The bot's side of match-protocol(7): one view a line in, one action a line out. It never plays."""
import json
import os
import random
import sys

# Answers get a descriptor of their own. Descriptor 1 becomes the log, so that no print(), not even one of a C library
# or of a child process, can be taken for an answer.
_answers = open(os.dup(1), "w", encoding="utf-8", newline="\n")
os.dup2(2, 1)
sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")

dice = random.Random(os.environ.get("BOT_SEED"))


def _say(line):
    _answers.write(line + "\n")
    _answers.flush()


def play(choose, finished=lambda end: None):
    """Answers every view until the end of input. An exception in choose() ends the bot with status 1."""
    views = open(0, encoding="utf-8", newline="\n", closefd=False)
    _say("__READY__")
    for line in views:
        view = json.loads(line)
        if isinstance(view, dict) and list(view) == ["end"]:
            finished(view["end"])
            continue
        action = choose(view)
        if action is None:
            raise TypeError("choose() returned None: does every path through it end in a return?")
        _say(json.dumps(action, allow_nan=False))
