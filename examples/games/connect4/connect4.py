#!/usr/bin/python3
"""Connect Four as a game for match-run: it speaks match-protocol(7) on its standard input and output.

Views and actions, one JSON value each:
  to the player who moves   {"you": 1, "columns": 7, "rows": 6, "connect": 4, "board": ["......." top row, ...],
                             "legal": [0, 3]}
  from him                  3   or   "3"   or   {"column": 3}
The board's characters are '.', '1' and '2'; "you" is one of the two. "legal" lists the columns that are not full.
A player who gives no action drops his piece into the first column that is not full.
"""
import json
import re
import sys

DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))
OPTIONS = {"columns": (7, 2, 20), "rows": (6, 2, 20), "connect": (4, 2, 20)}    # default, least, most


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


def drop(board, column, mark):
    """Puts a piece into a column that is not full; the row where it comes to rest."""
    row = max(r for r in range(len(board)) if board[r][column] == ".")
    board[row][column] = mark
    return row


def reach(board, row, column, step, mark):
    """How many pieces of that mark lie from here in one direction, this place not counted."""
    length = 0
    while True:
        row, column = row + step[0], column + step[1]
        if not (0 <= row < len(board) and 0 <= column < len(board[0])) or board[row][column] != mark:
            return length
        length += 1


def wins(board, row, column, connect):
    mark = board[row][column]
    return any(1 + reach(board, row, column, d, mark) + reach(board, row, column, (-d[0], -d[1]), mark) >= connect
               for d in DIRECTIONS)


def draw(board, names, note):
    rows = [" " + " ".join({".": "·", "1": "X", "2": "O"}[cell] for cell in row) for row in board]
    numbers = " " + " ".join(str(column % 10) for column in range(len(board[0])))
    return "\n".join([*rows, numbers, f"X {names[0]}   O {names[1]}   {note}"])


def legal_columns(board):
    return [c for c in range(len(board[0])) if board[0][c] == "."]


def column_of(action, board):
    """The column that an action names, or None when it names no legal one."""
    column = action.get("column") if isinstance(action, dict) else action
    if isinstance(column, str) and re.fullmatch("[0-9]{1,2}", column):
        column = int(column)
    return column if type(column) is int and column in legal_columns(board) else None


def ask(turn, player, view, board):
    """The column that the player chooses."""
    seat = str(player)
    say(t="ask", id=turn, to={seat: view}, default={seat: view["legal"][0]})
    while seat in (acts := hear()["acts"]):
        column = column_of(acts[seat], board)
        if column is not None:
            return column
        say(t="bad", player=player, why=f"no legal column: {json.dumps(acts[seat])[:100]}")
    return view["legal"][0]


def play(names, columns, rows, connect):
    board = [["."] * columns for _ in range(rows)]
    for turn in range(columns * rows):
        player = turn % 2
        view = {"you": player + 1, "columns": columns, "rows": rows, "connect": connect,
                "board": ["".join(row) for row in board], "legal": legal_columns(board)}
        column = ask(turn, player, view, board)
        row = drop(board, column, str(player + 1))
        won = wins(board, row, column, connect)
        note = f"turn {turn + 1}: {names[player]} plays {column}" + (" and wins" if won else "")
        say(t="frame", view={"board": ["".join(r) for r in board], "column": column,
                             "text": draw(board, names, note) + "\n"})
        if won:
            say(t="end", ranks=[1, 2] if player == 0 else [2, 1], scores=[1 - player, player],
                why=f"{names[player]} has {connect} in a row")
            return
    say(t="end", ranks=[1, 1], scores=[0.5, 0.5], why="the board is full")


def main():
    init = hear()
    names = [player["name"] for player in init["players"]]
    if len(names) != 2:
        sys.exit("Connect Four is for two players")
    options = read_options(init.get("options") or {})
    say(t="ready")
    play(names, *options)
    hear()      # stay until the runner closes


if __name__ == "__main__":
    main()
