/*
 * Between match-relay and match-run: one packet with the bot's name and the descriptors of standard
 * input and output; later one byte back, the bot's exit status.
 */
#ifndef RELAY_H
#define RELAY_H

#define RELAY_VARIABLE "MATCH_RELAY"	/* path of the socket */
#define RELAY_FDS 2

#endif
