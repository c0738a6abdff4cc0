#!/usr/bin/python3
# Finishes. The fair one: in each turn the only legal answer is the turn's number, so an answer to another turn shows.
"""Views are {"you": 0, "turn": 3, "legal": [3]}; answers 3 or {"turn": 3, ...}. Every frame shows what the game heard.

Options: rounds (turns in all), together (all players are asked at once), gap_ms (between turns), pad (bytes added to
each view), default (a default action is offered), lax (any answer is legal), share_ms (turn_ms of an ask, by seat).
"""
import json
import sys
import time


def say(**message):
    print(json.dumps(message, separators=(",", ":")), flush=True)


def hear():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line, parse_int=lambda digits: int(digits) if len(digits) < 100 else float(digits))


def number_of(action):
    return action.get("turn") if isinstance(action, dict) else action


init = hear()
options, seats = init["options"], [str(seat) for seat in range(len(init["players"]))]
scores = [0] * len(seats)
out = set()
say(t="ready")
for turn in range(1, options.get("rounds", 6) + 1):
    time.sleep(options.get("gap_ms", 0) / 1000)
    asked = seats if options.get("together") else [seats[(turn - 1) % len(seats)]]
    asked = [seat for seat in asked if seat not in out]
    if not asked:
        continue
    view = {"turn": turn, "legal": [turn], "pad": "x" * options.get("pad", 0)}
    say(t="ask", id=turn, to={seat: {"you": int(seat), **view} for seat in asked},
        **({"default": {seat: turn for seat in asked}} if options.get("default") else {}),
        **({"turn_ms": options["share_ms"]} if "share_ms" in options else {}))
    while True:
        acts = hear()
        out.update(str(seat) for seat in acts.get("out", []))
        bad = [int(seat) for seat, action in acts["acts"].items()
               if number_of(action) != turn and not options.get("lax")]
        say(t="frame", view={"turn": turn, "bad": bad, **{key: acts.get(key) for key in ("fail", "ms", "out")},
                             "acts": {seat: action for seat, action in acts["acts"].items() if int(seat) not in bad}})
        for seat in acts["acts"]:
            scores[int(seat)] += int(seat) not in bad
        if not bad:
            break
        say(t="bad", players=bad, why="that is not the number of the turn")
say(t="end", ranks=[1 + sum(other > score for other in scores) for score in scores], scores=scores,
    why="all turns are played")
hear()
