/* From an event to its deeds: the machine takes it, the replay keeps it, and the actions are done. */
#ifndef FEED_H
#define FEED_H

#include "loop.h"

/* `said` and `words` as in replay_event(). Nothing happens once there is an outcome. */
void feed(struct loop *loop, struct event *event, struct raw said, const char *words);

/* An event of a player, now, with what he has used since he was asked. */
void feed_player(struct loop *loop, enum event_kind kind, int player, struct raw said);
void feed_fault(struct loop *loop, int player, enum fault fault, const char *why);

/* Ours or the game's: EVENT_STOP or EVENT_GAME_WRONG. The match counts for nobody. */
void feed_failure(struct loop *loop, enum event_kind kind, const char *why);

/* Gives a player the view of the present ask, as his dialect says it. */
void feed_view(struct loop *loop, int player);

/* What a dialect's fields can be filled with. */
struct facts feed_facts(const struct loop *loop, int player, struct raw view);

void feed_sight(const struct loop *loop, const struct sight *sight);

/* Sends what waits; asks to hear of room in the pipe while some is left. */
void feed_flush(struct loop *loop, int index);

#endif
