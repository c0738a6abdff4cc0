#!/usr/bin/python3
"""Connect Four as a game engine for match-run: it speaks match-protocol(7) on its standard input and output.

Views and actions, one JSON value each:
  to the player who moves   {"you": 1, "columns": 7, "rows": 6, "board": ["......." top row, ...], "legal": [0, 3]}
  from him                  {"column": 3}
The board's characters are '.', '1' and '2'. "legal" lists the columns that are not full.
"""
import json
import sys

COLUMNS, ROWS = 7, 6
DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))


def say(**message):
    print(json.dumps(message, separators=(",", ":")), flush=True)


def hear():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)     # the match is over
    return json.loads(line)


def drop(board, column, mark):
    """Puts a piece into a column that is not full; the row where it comes to rest."""
    row = max(r for r in range(ROWS) if board[r][column] == ".")
    board[row][column] = mark
    return row


def reach(board, row, column, step, mark):
    """How many pieces of that mark lie from here in one direction, this place not counted."""
    length = 0
    while True:
        row, column = row + step[0], column + step[1]
        if not (0 <= row < ROWS and 0 <= column < COLUMNS) or board[row][column] != mark:
            return length
        length += 1


def wins(board, row, column):
    mark = board[row][column]
    return any(1 + reach(board, row, column, d, mark) + reach(board, row, column, (-d[0], -d[1]), mark) >= 4
               for d in DIRECTIONS)


def draw(board, names, note):
    rows = [" " + " ".join({".": "·", "1": "X", "2": "O"}[cell] for cell in row) for row in board]
    return "\n".join([*rows, " " + " ".join(map(str, range(COLUMNS))), f"X {names[0]}   O {names[1]}   {note}"])


def legal_columns(board):
    return [c for c in range(COLUMNS) if board[0][c] == "."]


def column_of(action, board):
    """The column that an action names, or None when it names no legal one."""
    column = action.get("column") if isinstance(action, dict) else None
    if isinstance(column, int) and not isinstance(column, bool) and column in legal_columns(board):
        return column
    return None


def play(names):
    board = [["."] * COLUMNS for _ in range(ROWS)]
    for turn in range(COLUMNS * ROWS):
        player = turn % 2
        view = {"you": player + 1, "columns": COLUMNS, "rows": ROWS, "board": ["".join(row) for row in board],
                "legal": legal_columns(board)}
        say(t="ask", id=turn, to={str(player): view})
        answer = hear()
        column = column_of(answer["acts"].get(str(player)), board)
        if column is None:
            say(t="bad", player=player, why=f"no legal column: {json.dumps(answer['acts'].get(str(player)))[:100]}")
            continue
        row = drop(board, column, str(player + 1))
        won = wins(board, row, column)
        note = f"turn {turn + 1}: {names[player]} plays {column}" + (" and wins" if won else "")
        say(t="frame", view={"board": ["".join(r) for r in board], "column": column,
                             "text": draw(board, names, note) + "\n"})
        if won:
            say(t="end", ranks=[1, 2] if player == 0 else [2, 1], scores=[1 - player, player],
                why=f"{names[player]} has four in a row")
            return
    say(t="end", ranks=[1, 1], scores=[0.5, 0.5], why="the board is full")


def main():
    init = hear()
    names = [player["name"] for player in init["players"]]
    if len(names) != 2:
        sys.exit("Connect Four is for two players")
    say(t="ready")
    play(names)
    hear()      # stay until the runner closes


if __name__ == "__main__":
    main()
