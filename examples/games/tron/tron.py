#!/usr/bin/python3
"""Tron, light cycles for 2 to 4 players, as a game for match-run: it speaks match-protocol(7).

All move at the same time, one cell a turn, and leave a trail that stays. Who runs into the edge, into any trail or
into the cell that another enters in the same turn is out. The last one wins; those who crash in the same turn, and
those who are left at the turn limit, share a rank. Nobody can turn round on the spot.

Views and actions, one JSON value each:
  to each who is alive      {"you": 0, "turn": 3, "max_turns": 400, "width": 30, "height": 20,
                             "board": [".......a..." top row, ...], "heads": [[5, 10], [20, 9], null],
                             "directions": ["right", "up", null], "legal": ["up", "down", "right"]}
  from him                  "up"   or   {"move": "up"}
Player 0 is A with the trail a, player 1 is B with the trail b, and so on; who has crashed leaves a '#' and is null in
the lists. A head is [x, y] with [0, 0] at the top left. A player who gives no action drives straight on; one whom
match-run takes out crashes where he is. The seed chooses who starts where. Scores are the turns that each survived.
"""
import json
import random
import sys

STEPS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
OPPOSITE = {"up": "down", "down": "up", "left": "right", "right": "left"}
OPTIONS = {"width": (30, 6, 100), "height": (20, 6, 100), "max_turns": (400, 1, 10000)}     # default, least, most


def say(**message):
    print(json.dumps(message, separators=(",", ":")), flush=True)


def whole(digits):
    """int() refuses thousands of digits, and a stranger may send them."""
    return int(digits) if len(digits) < 100 else float(digits)


def hear():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)     # the match is over
    return json.loads(line, parse_int=whole)


def read_options(given):
    values = []
    for name, (default, least, most) in OPTIONS.items():
        value = given.get(name, default)
        if type(value) is not int or not least <= value <= most:
            sys.exit(f"option {name}: a whole number, {least} to {most}")
        values.append(value)
    return values


def starts(count, width, height, dice):
    """Where each starts and looks to. The first two places, and the last two, are mirror images of each other."""
    x, y = width // 6, height // 6
    places = [(x, height // 2, "right"), (width - 1 - x, height - 1 - height // 2, "left"),
              (width // 2, y, "down"), (width - 1 - width // 2, height - 1 - y, "up")]
    if count == 2:
        places = places[:2]
    dice.shuffle(places)
    return places[:count]


class Arena:
    def __init__(self, count, width, height, dice):
        self.width, self.height, self.count = width, height, count
        self.cells = [["."] * width for _ in range(height)]
        self.heads, self.directions = [None] * count, [None] * count
        self.died = {}          # player: turn
        for player, (x, y, direction) in enumerate(starts(count, width, height, dice)):
            self.heads[player], self.directions[player] = (x, y), direction
            self.cells[y][x] = "ABCD"[player]

    def alive(self):
        return [player for player in range(self.count) if player not in self.died]

    def legal(self, player):
        return [direction for direction in STEPS if direction != OPPOSITE[self.directions[player]]]

    def free(self, x, y):
        return 0 <= x < self.width and 0 <= y < self.height and self.cells[y][x] == "."

    def advance(self, turn, moves, removed):
        """One step of all who are alive; {player: why} for those who crash. removed are out by a fault."""
        aims = {}
        for player, direction in moves.items():
            x, y = self.heads[player]
            aims[player] = x + STEPS[direction][0], y + STEPS[direction][1]
        targets = [aim for player, aim in aims.items() if player not in removed]
        crashed = {player: "taken out" if player in removed else
                   "ran into the edge or a trail" if not self.free(*aim) else "met another head on"
                   for player, aim in aims.items()
                   if player in removed or not self.free(*aim) or targets.count(aim) > 1}
        for player, aim in aims.items():
            self.move(player, aim, moves[player], player in crashed)
        self.died.update(dict.fromkeys(crashed, turn))
        return crashed

    def move(self, player, aim, direction, crashed):
        x, y = self.heads[player]
        self.cells[y][x] = "#" if crashed else "abcd"[player]
        self.heads[player], self.directions[player] = (None, None) if crashed else (aim, direction)
        if not crashed:
            self.cells[aim[1]][aim[0]] = "ABCD"[player]

    def picture(self):
        return ["".join(row) for row in self.cells]


def direction_of(action, legal):
    """The direction that an action names, or None when it names no legal one."""
    direction = action.get("move") if isinstance(action, dict) else action
    return direction if isinstance(direction, str) and direction in legal else None


def hear_moves(arena, players):
    """One acts message: legal moves by player, {player: what he said} for the others, and who is out."""
    answer, moves, wrong = hear(), {}, {}
    for player in players:
        if str(player) in answer["acts"]:
            action = answer["acts"][str(player)]
            direction = direction_of(action, arena.legal(player))
            if direction:
                moves[player] = direction
            else:
                wrong[player] = json.dumps(action)[:100]
    return moves, wrong, set(answer.get("out", ()))


def ask(arena, turn, views):
    """The moves of all who are alive (straight on, where there is none), and who is out by a fault."""
    moves = {player: arena.directions[player] for player in views}
    say(t="ask", id=turn, to=views, default=moves)
    heard, wrong, out = hear_moves(arena, views)
    moves.update(heard)
    while wrong:
        say(t="bad", players=sorted(wrong), why="no legal direction: " + ", ".join(wrong.values()))
        heard, wrong, out = hear_moves(arena, wrong)
        moves.update(heard)
    return moves, out


def show(arena, turn, names, note):
    edge = "+" + "-" * arena.width + "+"
    drivers = "   ".join(f"{'ABCD'[player]} {name}" + (" #" if player in arena.died else "")
                         for player, name in enumerate(names))
    text = "\n".join([edge, *(f"|{row.replace('.', ' ')}|" for row in arena.picture()), edge, drivers, note])
    say(t="frame", view={"turn": turn, "board": arena.picture(), "heads": arena.heads, "text": text + "\n"},
        scores=scores_of(arena, turn))


def scores_of(arena, turn):
    return [arena.died.get(player, turn + 1) - 1 for player in range(arena.count)]


def play(arena, names, max_turns):
    show(arena, 0, names, "start")
    for turn in range(1, max_turns + 1):
        common = {"turn": turn, "max_turns": max_turns, "width": arena.width, "height": arena.height,
                  "board": arena.picture(), "heads": arena.heads, "directions": arena.directions}
        views = {player: {"you": player, **common, "legal": arena.legal(player)} for player in arena.alive()}
        crashed = arena.advance(turn, *ask(arena, turn, views))
        note = "; ".join(f"{names[player]} {why}" for player, why in crashed.items())
        show(arena, turn, names, f"turn {turn}" + (f": {note}" if note else ""))
        if len(arena.alive()) <= 1:
            return turn, note
        for player, why in crashed.items():
            say(t="out", player=player, why=why)
    return max_turns, "turn limit"


def main():
    init = hear()
    names = [player["name"] for player in init["players"]]
    if not 2 <= len(names) <= 4:
        sys.exit("Tron is for two to four players")
    width, height, max_turns = read_options(init.get("options") or {})
    say(t="ready")
    arena = Arena(len(names), width, height, random.Random(init["seed"]))
    turn, why = play(arena, names, max_turns)
    scores = scores_of(arena, turn)
    say(t="end", ranks=[1 + sum(other > score for other in scores) for score in scores], scores=scores, why=why)
    hear()      # stay until the runner closes


if __name__ == "__main__":
    main()
