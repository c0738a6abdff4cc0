/* What bot.cpp and matchbot.cpp know of each other. */
#ifndef MATCHBOT_H
#define MATCHBOT_H

#include <string>

#include "json.hpp"

/* A random number from 0 to sides - 1; sides is 1 or more. The same BOT_SEED makes the same numbers. */
unsigned dice(unsigned sides);

/* A random element of an array. Throws if there is none. */
Json pick(Json array);

/* Yours, in bot.cpp. */
std::string choose(Json view);
void finished(Json end);

#endif
