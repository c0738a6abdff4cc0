"""The game's side of match-protocol(7). It knows no rules of any game.

    Match().run(play)       calls play(match), which returns (ranks, scores, why)
    match.names, match.count, match.options, match.seed
    match.dice              a random.Random from the seed: take all chance from here
    match.out               players who are out; they need not be asked any more
    match.ask(player, view, check)      one player's move
    match.ask_all(views, check)         the moves of all who are asked, at the same time
    match.tell(player, message)         something that wants no answer
    match.frame(text=..., board=...)    a picture for those who watch
    match.drop(player, why)             takes a player out who has lost by the rules
"""
import json
import os
import random
import sys

# The protocol gets a descriptor of its own, so that print() goes to standard error and cannot disturb it.
_wire = open(os.dup(1), "w", encoding="utf-8", newline="\n")
os.dup2(2, 1)
sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
_heard = open(0, encoding="utf-8", newline="\n", closefd=False)


class Bad(Exception):
    """What check raises for an action that is not legal. Its text is the reason, which is shown to people."""


def _say(**message):
    _wire.write(json.dumps(message, separators=(",", ":"), allow_nan=False) + "\n")
    _wire.flush()


def _whole(digits):
    """int() refuses thousands of digits, and a stranger may send them."""
    return int(digits) if len(digits) < 100 else float(digits)


def _hear():
    line = _heard.readline()
    if not line:
        sys.exit(0)     # the match is over
    return json.loads(line, parse_int=_whole)


def _by_text(values):
    """Players are numbers here, and the keys of JSON objects are text."""
    return {str(player): value for player, value in values.items()}


class Match:
    def __init__(self):
        init = _hear()
        self.names = [player["name"] for player in init["players"]]
        self.count = len(self.names)
        self.seed = init["seed"]
        self.options = init.get("options") or {}
        self.dice = random.Random(self.seed)
        self.out = set()
        self._asked = 0

    def run(self, play):
        _say(t="ready")
        ranks, scores, why = play(self)
        _say(t="end", ranks=ranks, scores=scores, why=why)
        while True:
            _hear()     # stay until the runner closes

    def ask(self, player, view, check=lambda action: action, default=None, turn_ms=None):
        """Asks one player. check(action) returns what your game makes of a legal action, or raises Bad.

        Returns what check returned, or None when the player gave no action: your game passes for him, or plays a
        default of its own. default is a harmless legal action that the judge's rules may use for him.
        """
        return self.ask_all({player: view}, lambda _, action: check(action),
                            None if default is None else {player: default},
                            None if turn_ms is None else {player: turn_ms}).get(player)

    def ask_all(self, views, check=lambda player, action: action, defaults=None, turn_ms=None):
        """Asks several players at once: views is {player: view}, defaults and turn_ms may be like it.

        Returns {player: what check(player, action) returned} without those who gave no action.
        """
        if not views:
            return {}
        for player, action in (defaults or {}).items():
            check(player, action)       # a default that is not legal is a mistake in the game
        more = {name: _by_text(values) for name, values in (("default", defaults), ("turn_ms", turn_ms)) if values}
        _say(t="ask", id=self._asked, to=_by_text(views), **more)
        moves, why = self._hear_moves(views, check)
        while why:      # the judge answers every bad: with a default, another try of the player, or nothing
            _say(t="bad", players=sorted(why), why="; ".join(sorted(set(why.values()))))
            again, why = self._hear_moves(why, check)
            moves.update(again)
        self._asked += 1
        return dict(sorted(moves.items()))

    def _hear_moves(self, players, check):
        """What these players did: legal moves, and the reasons why others are none."""
        heard = _hear()
        self.out.update(heard.get("out", ()))
        moves, why = {}, {}
        for player in players:
            if str(player) in heard["acts"]:
                try:
                    moves[player] = check(player, heard["acts"][str(player)])
                except Bad as bad:
                    why[player] = str(bad)
        return moves, why

    def tell(self, player, message):
        _say(t="tell", to={str(player): message})

    def frame(self, text, scores=None, **members):
        """text is the picture for a terminal; members (board: a list of strings, ...) let a viewer draw it."""
        _say(t="frame", view={"text": text, **members}, **({} if scores is None else {"scores": scores}))

    def drop(self, player, why):
        self.out.add(player)
        _say(t="out", player=player, why=why)
