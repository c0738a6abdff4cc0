#!/usr/bin/python3
"""A decent Connect Four player: alpha-beta search on bit boards, deeper while there is time.

A board is two integers with seven bits a column, the lowest bit at the bottom; the seventh stays empty, so that
shifted boards do not run over from one column into the next.
"""
import json
import sys
import time

COLUMNS, ROWS, STEP = 7, 6, 7
CENTRE_FIRST = (3, 2, 4, 1, 5, 0, 6)
THINK_SECONDS = 0.15
WON = 10000


def has_four(pieces):
    for shift in (1, STEP - 1, STEP, STEP + 1):
        pairs = pieces & (pieces >> shift)
        if pairs & (pairs >> (2 * shift)):
            return True
    return False


def lines():
    """Every four places in a row, as bits."""
    found = []
    for column in range(COLUMNS):
        for row in range(ROWS):
            for across, up in ((1, 0), (0, 1), (1, 1), (1, -1)):
                if 0 <= column + 3 * across < COLUMNS and 0 <= row + 3 * up < ROWS:
                    found.append(sum(1 << ((column + i * across) * STEP + row + i * up) for i in range(4)))
    return found


LINES = lines()
VALUE = (0, 1, 4, 16, 0)


def judge(mine, other):
    """Lines that only one side can still fill, worth more the fuller they are."""
    score = 0
    for line in LINES:
        if not line & other:
            score += VALUE[(line & mine).bit_count()]
        elif not line & mine:
            score -= VALUE[(line & other).bit_count()]
    return score


class OutOfTime(Exception):
    pass


def search(mine, other, heights, depth, low, high, stop):
    if time.monotonic() > stop:
        raise OutOfTime
    if depth == 0:
        return judge(mine, other)
    best = None
    for column in CENTRE_FIRST:
        if heights[column] == ROWS:
            continue
        move = mine | 1 << (column * STEP + heights[column])
        if has_four(move):
            return WON + depth
        heights[column] += 1
        try:
            score = -search(other, move, heights, depth - 1, -high, -low, stop)
        finally:
            heights[column] -= 1
        if best is None or score > best:
            best = score
        low = max(low, score)
        if low >= high:
            break
    return 0 if best is None else best


def choose(mine, other, heights, legal):
    stop = time.monotonic() + THINK_SECONDS
    order = [column for column in CENTRE_FIRST if column in legal]
    for depth in range(0, COLUMNS * ROWS):
        scores = {}
        try:
            for column in order:
                move = mine | 1 << (column * STEP + heights[column])
                heights[column] += 1
                try:
                    scores[column] = WON + 99 if has_four(move) else \
                        -search(other, move, heights, depth, -2 * WON, 2 * WON, stop)
                finally:
                    heights[column] -= 1
        except OutOfTime:
            break
        order.sort(key=lambda column: -scores[column])
        if abs(scores[order[0]]) >= WON:
            break
    return order[0]


def read(view):
    sides, heights = [0, 0], [0] * COLUMNS
    for row, cells in enumerate(reversed(view["board"])):
        for column, cell in enumerate(cells):
            if cell != ".":
                sides[cell != str(view["you"])] |= 1 << (column * STEP + row)
                heights[column] += 1
    return sides[0], sides[1], heights


print("__READY__", flush=True)
for text in sys.stdin:
    asked = json.loads(text)
    print(json.dumps({"column": choose(*read(asked), asked["legal"])}), flush=True)
