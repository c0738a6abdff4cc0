/* What bot.c and matchbot.c know of each other. */
#ifndef MATCHBOT_H
#define MATCHBOT_H

#include "json.h"

/* A random number from 0 to sides - 1. The same BOT_SEED makes the same numbers. */
unsigned dice(unsigned sides);

/* An action as printf(3) formats it: action("\"%s\"", word). Lives until the next call. */
__attribute__((format(printf, 1, 2)))
struct json action(const char *format, ...);

/* Yours, in bot.c. */
struct json choose(struct json view);
void finished(struct json end);

#endif
