#!/usr/bin/python3
"""A decent Tron driver: it goes where it is first at most free cells, and fills what is left when it is alone there.

For each direction it floods the board from the cell it would enter and from the rivals' heads. A free cell is its own
if it can be there before all of them (a Voronoi diagram). Room that no rival can reach counts twice. It avoids a cell
that a rival may enter, too, and between equals it keeps close to walls, so that it does not cut its own room up.
"""
import json
import sys

STEPS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


def free_cells(view):
    return {(x, y) for y, row in enumerate(view["board"]) for x, cell in enumerate(row) if cell == "."}


def around(cell):
    return [(cell[0] + x, cell[1] + y) for x, y in STEPS.values()]


def flood(start, free):
    """Steps from the start to every free cell that can be reached."""
    steps, edge = {start: 0}, [start]
    for cell in edge:
        for near in around(cell):
            if near in free and near not in steps:
                steps[near] = steps[cell] + 1
                edge.append(near)
    return steps


def worth(cell, rivals, free):
    """What it is worth to go to this cell: room first, then safety, then tidiness."""
    mine = flood(cell, free)
    theirs = [flood(rival, free) for rival in rivals]
    # To go to the cell is the first step; the rivals have taken none yet.
    first = sum(all(steps + 1 < other.get(place, 1 << 30) for other in theirs) for place, steps in mine.items())
    alone = not any(place in other for place in mine for other in theirs)
    risk = any(cell in around(rival) for rival in rivals)
    walls = sum(near not in free for near in around(cell))
    return (-1 if risk and first > 1 else 0, first + (len(mine) if alone else 0), walls)


def choose(view):
    heads = view["heads"]
    x, y = heads[view["you"]]
    rivals = [tuple(head) for player, head in enumerate(heads) if head and player != view["you"]]
    free = free_cells(view)
    safe = [(direction, (x + STEPS[direction][0], y + STEPS[direction][1])) for direction in view["legal"]]
    safe = [(direction, cell) for direction, cell in safe if cell in free]
    if not safe:
        return view["legal"][0]
    return max(safe, key=lambda choice: worth(choice[1], rivals, free))[0]


print("__READY__", flush=True)
for line in sys.stdin:
    print(json.dumps(choose(json.loads(line))), flush=True)
