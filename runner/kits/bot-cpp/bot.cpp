/* A bot for match-run. Your part is choose(); the protocol is in matchbot.cpp, which you need not read. */
#include <iostream>
#include <string>

#include "matchbot.h"

/* ----------------------------------- YOUR STRATEGY ----------------------------------- */

/*
 * Returns your action for one turn, as JSON text.
 *
 * view is what the game shows you, e.g. {"you": 0, "legal": ["up", "left"], ...}. To see it in the log:
 *	std::cout << view.raw() << "\n";
 * Any element of "legal" is an action; others you write yourself:
 *	return "{\"column\": " + std::to_string(column) + "}";
 *	return quoted("up");
 * json.hpp says how to read a view.
 */
std::string
choose(Json view)
{
	return pick(view["legal"]).raw();
}

/* With "final": true in bot.json: called after the match; end is {"you": 0, "ranks": [1, 2], ...}. */
void
finished(Json)
{
}
