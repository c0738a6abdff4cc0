#!/usr/bin/python3
"""Nim as a game for match-run. Who moves takes any number of stones from one heap; who takes the last stone wins.

It is small so that you can turn it into your own game. The protocol is in matchgame.py; here are only the rules.

Views and actions, one JSON value each:
  to the player who moves   {"you": 0, "heaps": [3, 4, 5], "legal": ["a1", "a2", "a3", "b1", ...]}
  from him                  "b2"   or   {"heap": 1, "take": 2}
"""
import itertools
import re

from matchgame import Bad, Match

LETTERS = "abcdefghij"
MOST_STONES = 20


def first_heaps(match):
    """All chance comes from match.dice, which starts from the seed: the same seed is the same match."""
    heaps = match.options.get("heaps") or [match.dice.randint(2, 7) for _ in range(3)]
    if len(heaps) > len(LETTERS) or not all(type(n) is int and 1 <= n <= MOST_STONES for n in heaps):
        raise ValueError(f"option heaps: at most {len(LETTERS)} heaps of 1 to {MOST_STONES} stones")
    return list(heaps)


def legal_moves(heaps):
    """Every legal action in its short form, which is what a person would type. match-run's own bots pick from them."""
    return [f"{LETTERS[heap]}{take}" for heap, stones in enumerate(heaps) for take in range(1, stones + 1)]


def view_of(heaps, player):
    """What this player may see. Put nothing in it that the rules hide from him."""
    return {"you": player, "heaps": heaps, "legal": legal_moves(heaps)}


def move_of(action, heaps):
    """The (heap, take) that an action means. They come from strangers: believe nothing; raise Bad with the reason."""
    if isinstance(action, dict):
        heap, take = action.get("heap"), action.get("take")
        if type(heap) is not int or type(take) is not int:
            raise Bad('an object needs whole numbers "heap" and "take"')
    elif isinstance(action, str) and re.fullmatch("[a-z][0-9]{1,2}", action):
        heap, take = ord(action[0]) - ord("a"), int(action[1:])
    else:
        raise Bad('no heap and number, such as "b2"')
    if not 0 <= heap < len(heaps):
        raise Bad("there is no such heap")
    if not 1 <= take <= heaps[heap]:
        raise Bad(f"heap {LETTERS[heap]} has {heaps[heap]} stones")
    return heap, take


def show(match, heaps, note):
    """A frame for those who watch: text for a terminal, board (one character a cell) for a viewer that draws."""
    board = ["o" * stones + "." * (MOST_STONES - stones) for stones in heaps]
    rows = [f" {LETTERS[heap]} {'o ' * stones}".rstrip() for heap, stones in enumerate(heaps)]
    match.frame(text="\n".join([*rows, note]) + "\n", board=board)


def play(match):
    """One match, from ready to its end: returns ranks (1 is best), scores, and why it ended."""
    heaps = first_heaps(match)
    show(match, heaps, f"{match.names[0]} begins")
    passed = 0          # turns in a row without a move
    for player in itertools.cycle(range(match.count)):
        move = match.ask(player, view_of(heaps, player), check=lambda action: move_of(action, heaps),
                         default=legal_moves(heaps)[0])
        if move is None:        # he failed to answer, and the judge's rule for that is to go on
            show(match, heaps, f"{match.names[player]} passes")
            passed += 1
            if passed == match.count:
                return [1, 1], [0.5, 0.5], "nobody moves"
            continue
        passed = 0
        heap, take = move
        heaps[heap] -= take
        show(match, heaps, f"{match.names[player]} takes {take} from heap {LETTERS[heap]}")
        if not any(heaps):
            ranks, scores = ([1, 2], [1, 0]) if player == 0 else ([2, 1], [0, 1])
            return ranks, scores, f"{match.names[player]} took the last stone"


if __name__ == "__main__":
    Match().run(play)
