/* A bot for match-run. Your part is choose(); the protocol is in matchbot.c, which you need not read. */
#include <stdio.h>

#include "matchbot.h"

/* ----------------------------------- YOUR STRATEGY ----------------------------------- */

/*
 * Returns your action for one turn.
 *
 * view is what the game shows you, e.g. {"you": 0, "legal": ["up", "left"], ...}. To see it in the log:
 *	printf("%.*s\n", (int)view.length, view.text);
 * Any element of "legal" is an action; action() makes others, as printf would:
 *	return action("{\"column\": %d}", column);
 * json.h says how to read a view.
 */
struct json
choose(struct json view)
{
	struct json legal = json_member(view, "legal");

	return json_at(legal, dice(json_count(legal)));
}

/* With "final": true in bot.json: called after the match; end is {"you": 0, "ranks": [1, 2], ...}. */
void
finished(struct json end)
{
	(void)end;
}
