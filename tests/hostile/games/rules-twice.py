#!/usr/bin/python3
# Fails: out of turn. It rules on an answer that nobody has given yet, again and again.
import json
import sys

sys.stdin.readline()
ask = {"t": "ask", "id": 1, "to": {str(seat): {"you": seat, "turn": 1, "legal": [1]} for seat in (0, 1)}}
bad = {"t": "bad", "player": 0, "why": "I do not like him"}
# In one piece, so that no answer can come between.
sys.stdout.write("".join(json.dumps(message) + "\n" for message in [{"t": "ready"}, ask] + [bad] * 100))
sys.stdout.flush()
sys.stdin.read()
