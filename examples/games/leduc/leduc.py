#!/usr/bin/python3
"""Leduc hold'em, the smallest poker with a public card, as a game for match-run: it speaks match-protocol(7).

Six cards, two each of J, Q and K. In every hand both players put in 1 chip and get one card each. In the first round
of bets a raise is 2 chips; then a public card is turned, and a raise is 4. A round has at most two raises and ends when
both have bet the same. Who folds loses what he put in; else a pair with the public card wins, then the higher card;
equal cards share. Player 0 begins in the first hand, player 1 in the second, and so on. After the last hand the
net chips decide. The rules are those of Southey et al., "Bayes' Bluff: Opponent Modelling in Poker", UAI 2005.

Views and actions, one JSON value each:
  to the player who moves   {"you": 0, "hand": 3, "hands": 20, "round": 1, "card": "Q", "public": null,
                             "bets": [1, 3], "to_call": 2, "net": [-4, 4], "history": [[1, "raise"]],
                             "last": {"won": [-3, 3], "public": "K", "cards": ["J", "Q"]},
                             "legal": ["fold", "call", "raise"]}
  from him                  "call"   or   {"move": "call"}
"check" is another word for a call that costs nothing; only a bet can be folded to. "history" has the moves of this
hand; "bets" is what each put in, "net" what each won in the hands before. "last" is the hand before, or null; its
cards are null unless they had to be shown. A player who gives no action checks if he can, and folds if he cannot.
The option "deal" fixes the cards of the first hands: [[card of player 0, card of player 1, public card], ...].
"""
import json
import random
import sys

RANKS = "JQK"
RAISE = (2, 4)          # chips, in the first and the second round
MOST_RAISES = 2         # in each round


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


def is_deal(cards):
    return (isinstance(cards, list) and len(cards) == 3 and all(card in tuple(RANKS) for card in cards)
            and len(set(cards)) > 1)


def read_options(given):
    hands, deal = given.get("hands", 20), given.get("deal") or []
    if type(hands) is not int or not 1 <= hands <= 10000:
        sys.exit("option hands: a whole number, 1 to 10000")
    if not isinstance(deal, list) or not all(map(is_deal, deal)):
        sys.exit('option deal: a list of hands, each like ["J", "K", "Q"]; there are two cards of a kind')
    return hands, deal


class Hand:
    """One hand: bets, moves, and who is to move. It knows all cards; view() shows what one player may see."""

    def __init__(self, first, cards):
        self.first, self.cards, self.hidden = first, cards[:2], cards[2]
        self.bets, self.history = [1, 1], []
        self.folded = None      # the player who did
        self.over = False
        self.open_round(0)

    def open_round(self, number):
        self.round, self.mover, self.raises, self.moved = number, self.first, 0, 0

    @property
    def public(self):
        return self.hidden if self.round == 1 else None

    def to_call(self):
        return self.bets[1 - self.mover] - self.bets[self.mover]

    def legal(self):
        return (["fold"] if self.to_call() else []) + ["call"] + (["raise"] if self.raises < MOST_RAISES else [])

    def harmless(self):
        return self.legal()[0]      # to fold, or to call when it costs nothing

    def move(self, word):
        self.history.append([self.mover, word])
        self.moved += 1
        if word == "fold":
            self.folded, self.over = self.mover, True
            return
        self.bets[self.mover] += self.to_call()
        if word == "raise":
            self.bets[self.mover] += RAISE[self.round]
            self.raises += 1
        if word == "raise" or self.moved == 1:
            self.mover = 1 - self.mover
        elif self.round == 0:
            self.open_round(1)
        else:
            self.over = True

    def winner(self):
        """0 or 1, or None when the pot is shared."""
        if self.folded is not None:
            return 1 - self.folded
        worth = [(card == self.hidden, RANKS.index(card)) for card in self.cards]
        return None if worth[0] == worth[1] else int(worth[1] > worth[0])

    def won(self):
        winner = self.winner()
        if winner is None:
            return [0, 0]
        chips = self.bets[1 - winner]
        return [chips, -chips] if winner == 0 else [-chips, chips]

    def result(self):
        """What both may know of a hand that is over."""
        shown = self.folded is None
        return {"won": self.won(), "public": self.public, "cards": self.cards if shown else None}

    def view(self):
        return {"round": self.round + 1, "card": self.cards[self.mover], "public": self.public, "bets": self.bets,
                "to_call": self.to_call(), "history": self.history, "legal": self.legal()}


def word_of(action, hand):
    """The legal word that an action means, or None."""
    word = action.get("move") if isinstance(action, dict) else action
    if word == "check" and not hand.to_call():
        return "call"
    return word if isinstance(word, str) and word in hand.legal() else None


def ask(number, view, hand):
    """What the player whose turn it is does."""
    seat = str(hand.mover)
    say(t="ask", id=number, to={seat: view}, default={seat: hand.harmless()})
    while seat in (acts := hear()["acts"]):
        word = word_of(acts[seat], hand)
        if word:
            return word
        say(t="bad", player=hand.mover, why=f"not {', '.join(hand.legal())}: {json.dumps(acts[seat])[:100]}")
    return hand.harmless()


def show(title, names, hand, net, note):
    """Those who watch see no more than a player at the table: hidden cards are turned when they have to be shown."""
    cards = hand.cards if hand.over and hand.folded is None else ["?", "?"]
    lines = [f"{title}   public card: {hand.public or '-'}   pot: {sum(hand.bets)}"]
    lines += [f" [{cards[player]}] bet {hand.bets[player]:2}   net {net[player]:+4}   {names[player]}"
              for player in (0, 1)]
    say(t="frame", view={"public": hand.public, "cards": cards, "bets": hand.bets, "history": hand.history,
                         "text": "\n".join([*lines, note]) + "\n"}, scores=net)


def play_hand(names, hand, common, title, asked):
    """Plays one hand to its end; how many asks there were by then."""
    while not hand.over:
        player = hand.mover
        word = ask(asked, {"you": player, **common, **hand.view()}, hand)
        asked += 1
        free = word == "call" and not hand.to_call()
        hand.move(word)
        if not hand.over:
            show(title, names, hand, common["net"], f"{names[player]}: {'check' if free else word}")
    return asked


def play(names, hands, deal, dice):
    net, last, asked = [0, 0], None, 0
    for number in range(hands):
        cards = dice.sample(RANKS * 2, 3)
        hand = Hand(number % 2, deal[number] if number < len(deal) else cards)
        title = f"hand {number + 1} of {hands}"
        common = {"hand": number, "hands": hands, "net": net, "last": last}
        show(title, names, hand, net, f"{names[hand.first]} begins")
        asked = play_hand(names, hand, common, title, asked)
        last = hand.result()
        net = [chips + more for chips, more in zip(net, last["won"])]
        note = "the pot is shared" if hand.winner() is None else f"{names[hand.winner()]} wins {max(last['won'])}"
        show(title, names, hand, net, note + (" by a fold" if hand.folded is not None else ""))
    return net


def main():
    init = hear()
    names = [player["name"] for player in init["players"]]
    if len(names) != 2:
        sys.exit("Leduc hold'em is for two players")
    hands, deal = read_options(init.get("options") or {})
    say(t="ready")
    net = play(names, hands, deal, random.Random(init["seed"]))
    say(t="end", ranks=[1 + (net[0] < net[1]), 1 + (net[1] < net[0])], scores=net, why=f"net chips after {hands} hands")
    hear()      # stay until the runner closes


if __name__ == "__main__":
    main()
