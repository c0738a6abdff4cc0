#!/usr/bin/python3
"""Plays Connect Four and Tron in eight styles, from hopeless to decent, so that one folder fills a tournament.

Its argument is the style: ["python3", "bot.py", "careful"] in the match file; without one it plays "deep". STYLES
below lists them. It plays any other game whose views have "legal" as well: without a look at it, just legally.
BOT_SEED makes it play the same way again; no clock has a say in what it plays.

Boards are sets of cells, and those are integers with one bit a cell, so that one shift moves them all.
"""
import json
import os
import random
import sys

dice = random.Random(os.environ.get("BOT_SEED"))


# Any game

def first(view):
    return view["legal"][0]


def last(view):
    return view["legal"][-1]


def any_legal(view):
    return dice.choice(view["legal"])


# Connect Four: column c has the bits from c * rows on, the lowest row first

WON, FAR = 10 ** 9, 10 ** 12
MOST_WORK = 50000       # positions times cells, roughly


class Grid:
    """What stays the same during a game: the columns and, for each cell, the lines through it."""
    def __init__(self, columns, rows, connect):
        self.columns, self.rows, self.connect = columns, rows, connect
        self.order = sorted(range(columns), key=lambda column: abs(2 * column - columns + 1))
        self.bottom = [1 << column * rows for column in range(columns)]
        self.whole = [((1 << rows) - 1) << column * rows for column in range(columns)]
        self.through = {1 << cell: [] for cell in range(columns * rows)}
        for line in self.lines():
            bits = sum(1 << cell for cell in line)
            for cell in line:
                self.through[1 << cell].append(bits)

    def lines(self):
        reach = self.connect - 1
        for column in range(self.columns):
            for row in range(self.rows):
                for across, up in ((1, 0), (0, 1), (1, 1), (1, -1)):
                    if column + reach * across < self.columns and 0 <= row + reach * up < self.rows:
                        yield [(column + i * across) * self.rows + row + i * up for i in range(self.connect)]

    def landing(self, column, taken):
        """The cell where a piece comes to rest; 0 in a full column."""
        return (taken + self.bottom[column]) & self.whole[column]

    def column_of(self, cell):
        return (cell.bit_length() - 1) // self.rows

    def gain(self, cell, mine, other):
        """What a piece there is worth: WON, or by how much it fills lines of mine and spoils lines of the other."""
        worth = 0
        for line in self.through[cell]:
            held, lost = (line & mine).bit_count(), (line & other).bit_count()
            if held + 1 == self.connect:
                return WON
            if not lost:
                worth += (held + 1) ** 3 - held ** 3
            elif not held:
                worth += lost ** 3
        return worth

    def moves(self, mine, other):
        """(gain, cell) of each move, the best first and, between equals, the most central."""
        cells = (self.landing(column, mine | other) for column in self.order)
        return sorted(((self.gain(cell, mine, other), cell) for cell in cells if cell), key=lambda move: -move[0])

    def search(self, mine, other, plies, low, high, score):
        """What the position is worth to the one who moves (alpha-beta); score is what it is worth without a look."""
        moves = self.moves(mine, other)
        if not moves:
            return 0
        if moves[0][0] == WON:
            return WON * plies      # the sooner the better
        if plies == 1:
            return score + moves[0][0]
        for gain, cell in moves:
            low = max(low, -self.search(other, mine | cell, plies - 1, -high, -low, -score - gain))
            if low >= high:
                break
        return low


grids = {}


def read_grid(view):
    """The grid, my pieces and the other's."""
    shape = view["columns"], view["rows"], view["connect"]
    grid = grids[shape] = grids.get(shape) or Grid(*shape)
    sides = [0, 0]
    for row, cells in enumerate(reversed(view["board"])):
        for column, cell in enumerate(cells):
            if cell != ".":
                sides[cell != str(view["you"])] |= 1 << column * grid.rows + row
    return grid, sides[0], sides[1]


def centre_column(view):
    return min(view["legal"], key=lambda column: abs(2 * column - view["columns"] + 1))


def win_or_block(view):
    grid, mine, other = read_grid(view)
    cells = {column: grid.landing(column, mine | other) for column in view["legal"]}
    wins = [column for column, cell in cells.items() if grid.gain(cell, mine, other) == WON]
    blocks = [column for column, cell in cells.items() if grid.gain(cell, other, mine) == WON]
    return dice.choice(wins or blocks or view["legal"])


def affordable(grid, plies):
    """Fewer plies on boards larger than 7 x 6, for the sake of the clock."""
    while plies > 2 and grid.columns ** (plies * 0.6) * len(grid.through) > MOST_WORK:
        plies -= 1
    return plies


def look_ahead(plies, luck):
    """The best move of a search so deep; moves whose worth differs by less than luck may pass each other."""
    def choose(view):
        grid, mine, other = read_grid(view)
        depth, best, chosen = affordable(grid, plies) - 1, -FAR, None
        for gain, cell in grid.moves(mine, other):
            if gain == WON:
                return grid.column_of(cell)
            extra = dice.randrange(luck)
            worth = extra - grid.search(other, mine | cell, depth, -FAR, extra - best, -gain)
            if worth > best:
                best, chosen = worth, cell
        return grid.column_of(chosen)
    return choose


# Tron: row y has the bits from y * (width + 1) on; the last one of each stays 0, so that no row runs over

class Track:
    """What one driver sees: the free cells, his rivals' heads and the cells that he can enter."""
    def __init__(self, view):
        self.down = view["width"] + 1
        self.free = int("".join("01"[cell == "."] for cell in reversed("|".join(view["board"]))), 2)
        heads = [1 << x_y[1] * self.down + x_y[0] if x_y else 0 for x_y in view["heads"]]
        head, self.rivals = heads[view["you"]], sum(heads) - heads[view["you"]]
        self.ahead = view["directions"][view["you"]]
        near = {"up": head >> self.down, "down": head << self.down, "left": head >> 1, "right": head << 1}
        self.safe = {move: near[move] for move in view["legal"] if near[move] & self.free}

    def around(self, cells):
        """The free cells next to any of these."""
        return (cells << 1 | cells >> 1 | cells << self.down | cells >> self.down) & self.free

    def room(self, cell, steps):
        """How many free cells can be had from this one in so many steps; -1: in any number."""
        area = cell
        while steps and (grown := area | self.around(area)) != area:
            area, steps = grown, steps - 1
        return area.bit_count()

    def territory(self, cell):
        """How many free cells I reach before all rivals if I go to this one; twice that, if they reach none of them."""
        mine, my_edge = cell, cell
        theirs = their_edge = self.around(self.rivals)      # they move, too
        while my_edge or their_edge:
            left = self.free & ~mine & ~theirs
            their_edge = self.around(their_edge) & left
            theirs |= their_edge
            my_edge = self.around(my_edge) & left & ~their_edge
            mine |= my_edge
        return mine.bit_count() * (1 if self.around(mine) & theirs else 2)

    def tidiness(self, cell, move):
        """Between equals: along the walls, so as not to cut my own room up, and mostly straight on."""
        return 4 - self.around(cell).bit_count() + (0.8 if move == self.ahead else 0) + dice.random()


def drive(rank):
    """Chooses among the moves that do not crash at once: the first with the highest rank."""
    def choose(view):
        track = Track(view)
        return max(track.safe, key=lambda move: rank(track, track.safe[move], move), default=view["legal"][0])
    return choose


def goes_on(track, cell, move):
    return move == track.ahead


def is_no_dead_end(track, cell, move):
    return track.around(cell) > 0, dice.random()


def room_nearby(track, cell, move):
    return track.room(cell, 3), move == track.ahead, dice.random()


def room_at_all(track, cell, move):
    return track.room(cell, -1), track.tidiness(cell, move)


def room_before_rivals(track, cell, move):
    return not cell & track.around(track.rivals), track.territory(cell), track.tidiness(cell, move)


STYLES = {
    #           Connect Four        Tron                        any other game
    "random":  (any_legal,          any_legal,                  any_legal),
    "first":   (first,              first,                      first),
    "last":    (last,               last,                       last),
    "centre":  (centre_column,      drive(goes_on),             first),
    "blocker": (win_or_block,       drive(is_no_dead_end),      any_legal),
    "careful": (look_ahead(2, 80),  drive(room_nearby),         any_legal),
    "planner": (look_ahead(4, 6),   drive(room_at_all),         any_legal),
    "deep":    (look_ahead(6, 2),   drive(room_before_rivals),  any_legal),
}


def choose(style, view):
    game = 0 if "connect" in view else 1 if "heads" in view else 2
    return STYLES[style][game](view)


def main():
    style = sys.argv[1] if len(sys.argv) > 1 else "deep"
    if style not in STYLES:
        sys.exit(f"usage: bot.py {'|'.join(STYLES)}")
    print("__READY__", flush=True)
    for line in sys.stdin:
        print(json.dumps(choose(style, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
