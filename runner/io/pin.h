/* Which CPU a match is played on, and what its jails may use of it. */
#ifndef PIN_H
#define PIN_H

#include "setup.h"

/*
 * Takes this process, and so all programs that it will start, to the CPU that the setup wants, and
 * notes in its rules what CPUs each player may use. CPU_AUTO: one that no other match has taken, if
 * the game asks one player at a time; setup->cpu then tells which, or CPU_OFF. -1, and a message,
 * when a jail's own limits cannot hold what the match file asks for.
 */
int pin_setup(struct setup *setup, const char *helper);

/* Takes a CPU for as long as this process lives: false when another match of this host, or tournament, has it. */
bool pin_claim(int cpu);

#endif
