#!/usr/bin/python3
"""Go as a game for match-run: it speaks match-protocol(7). Vertices, colors and moves are written as in GTP.

Area scoring: two passes in a row, or the move limit, end the game, and then every stone on the board lives. An empty
region counts for a color if it touches no other. So capture dead stones before you pass. Suicide is illegal, and so is
a move that makes the board as it was at any time before (positional superko). A pass is always legal.

Views and actions, one JSON value each:
  to the player who moves   {"you": 1, "color": "white", "other": "black", "size": 9, "komi": 7, "last": "D4",
                             "moves": [["black", "D4"]], "board": [".........", ... top row, 9, first],
                             "legal": ["A9", ..., "pass"]}
  from him                  "D4"   or   "pass"   or   "resign"   or   {"move": "D4"}, in capital or small letters
Columns are the letters A to T without I, from the left; rows are numbers from the bottom. The board's characters are
'.', 'X' for black, who begins, and 'O' for white. "last" is null before the first move. A player who gives no action
passes. The option "max_moves" counts passes, too; null stands for three times the points of the board.
"""
import json
import sys

LETTERS = "ABCDEFGHJKLMNOPQRST"
COLORS = ("black", "white")
STONES = "XO"


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
    size, komi, max_moves = given.get("size", 9), given.get("komi", 7), given.get("max_moves")
    if type(size) is not int or not 2 <= size <= len(LETTERS):
        sys.exit(f"option size: a whole number, 2 to {len(LETTERS)}")
    if type(komi) not in (int, float) or not abs(komi) <= 400:
        sys.exit("option komi: a number, at most 400")
    if max_moves is None:
        max_moves = 3 * size * size
    if type(max_moves) is not int or not 1 <= max_moves <= 10000:
        sys.exit("option max_moves: a whole number, 1 to 10000, or null")
    return size, komi, max_moves


def neighbours(size):
    """For each point, row by row from the top, the points beside it."""
    beside = []
    for point in range(size * size):
        row, column = divmod(point, size)
        crosses = ((row - 1, column), (row, column - 1), (row, column + 1), (row + 1, column))
        beside.append([r * size + c for r, c in crosses if 0 <= r < size and 0 <= c < size])
    return beside


class Board:
    def __init__(self, size):
        self.size = size
        self.beside = neighbours(size)
        self.names = [f"{LETTERS[p % size]}{size - p // size}" for p in range(size * size)]
        self.points = {name: point for point, name in enumerate(self.names)}
        self.cells = "." * (size * size)
        self.seen = {self.cells}

    def region(self, cells, start):
        """All points of the same character that hang together with this one, and the other characters at their edge."""
        found, edge, todo = {start}, set(), [start]
        while todo:
            for point in self.beside[todo.pop()]:
                if cells[point] != cells[start]:
                    edge.add(cells[point])
                elif point not in found:
                    found.add(point)
                    todo.append(point)
        return found, edge

    def after(self, point, stone):
        """The board after this move, or None when it is illegal."""
        if self.cells[point] != ".":
            return None
        cells = list(self.cells)
        cells[point] = stone
        for other in self.beside[point]:
            if cells[other] not in (".", stone):
                chain, edge = self.region(cells, other)
                if "." not in edge:
                    for captured in chain:
                        cells[captured] = "."
        if "." not in (cells[other] for other in self.beside[point]) and "." not in self.region(cells, point)[1]:
            return None     # suicide
        result = "".join(cells)
        return None if result in self.seen else result

    def legal(self, stone):
        return [name for point, name in enumerate(self.names) if self.after(point, stone)] + ["pass"]

    def play(self, vertex, stone):
        if vertex != "pass":
            self.cells = self.after(self.points[vertex], stone)
            self.seen.add(self.cells)

    def areas(self):
        """The points of black and of white: stones, and empty regions that touch only one color."""
        areas, todo = {"X": 0, "O": 0}, set(range(len(self.cells)))
        while todo:
            start = todo.pop()
            found, edge = self.region(self.cells, start)
            todo -= found
            owner = self.cells[start] if self.cells[start] != "." else "".join(edge)
            if owner in areas:
                areas[owner] += len(found)
        return areas["X"], areas["O"]

    def rows(self):
        return [self.cells[start:start + self.size] for start in range(0, len(self.cells), self.size)]


def move_of(action, legal):
    """The move that an action means, as GTP writes it, or None when it is not legal."""
    move = action.get("move") if isinstance(action, dict) else action
    if not isinstance(move, str) or not move.isascii():
        return None
    move = move.lower() if move.lower() in ("pass", "resign") else move.upper()
    return move if move == "resign" or move in legal else None


def ask(number, player, view):
    seat = str(player)
    say(t="ask", id=number, to={seat: view}, default={seat: "pass"})
    while seat in (acts := hear()["acts"]):
        move = move_of(acts[seat], view["legal"])
        if move:
            return move
        say(t="bad", player=player, why=f"no legal move: {json.dumps(acts[seat])[:100]}")
    return "pass"


def show(board, names, moves, note):
    last = moves[-1][1] if moves else None
    lines = []
    for number, row in zip(range(board.size, 0, -1), board.rows()):
        cells = "".join(f"({cell})" if f"{LETTERS[column]}{number}" == last else f" {cell} "
                        for column, cell in enumerate(row))
        lines.append(f"{number:2}{cells}")
    letters = "  " + "".join(f" {letter} " for letter in LETTERS[:board.size])
    text = "\n".join([letters.rstrip(), *lines, f"X {names[0]}   O {names[1]}   {note}"])
    say(t="frame", view={"board": board.rows(), "last": last, "text": text + "\n"})


def both_passed(moves):
    return [move for _, move in moves[-2:]] == ["pass", "pass"]


def play(names, size, komi, max_moves):
    """One game: ranks, scores, and why it ended."""
    board, moves = Board(size), []
    show(board, names, moves, f"komi {komi}")
    while len(moves) < max_moves and not both_passed(moves):
        player = len(moves) % 2
        view = {"you": player, "color": COLORS[player], "other": COLORS[1 - player], "size": size, "komi": komi,
                "last": moves[-1][1] if moves else None, "moves": moves, "board": board.rows(),
                "legal": board.legal(STONES[player])}
        move = ask(len(moves), player, view)
        if move == "resign":
            return [1 + (player == 0), 1 + (player == 1)], [int(player == 1), int(player == 0)], \
                f"{names[player]} resigns"
        board.play(move, STONES[player])
        moves.append([COLORS[player], move])
        show(board, names, moves, f"move {len(moves)}: {names[player]} {move}")
    black, white = board.areas()
    lead = black - white - komi
    ranks, scores = ([1, 2], [1, 0]) if lead > 0 else ([2, 1], [0, 1]) if lead < 0 else ([1, 1], [0.5, 0.5])
    result = f"B+{lead:g}" if lead > 0 else f"W+{-lead:g}" if lead < 0 else "draw"
    why = "two passes" if both_passed(moves) else "move limit"
    return ranks, scores, f"{why}: {result} (black {black}, white {white} and komi {komi:g})"


def main():
    init = hear()
    names = [player["name"] for player in init["players"]]
    if len(names) != 2:
        sys.exit("Go is for two players")
    options = read_options(init.get("options") or {})
    say(t="ready")
    ranks, scores, why = play(names, *options)
    say(t="end", ranks=ranks, scores=scores, why=why)
    hear()      # stay until the runner closes


if __name__ == "__main__":
    main()
