/* From what programs say, and how they end, to events. */
#ifndef HEAR_H
#define HEAR_H

#include "loop.h"

/* Something came on a stream of a party. */
void hear_stream(struct loop *loop, int index, enum stream stream);

/* Takes what a person has typed, if it is his turn. */
void hear_person(struct loop *loop, int player);

/* It said nothing more for long enough to be taken for gone. */
void hear_closed(struct loop *loop, int index);

#endif
