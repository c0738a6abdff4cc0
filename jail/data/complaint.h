/* One sentence for a person: which word is wrong and what to do about it. */
#ifndef COMPLAINT_H
#define COMPLAINT_H

struct complaint {
	char text[320];
};

/* Writes the sentence, cut to fit, and returns -1, so that a caller can `return complain(...)`. */
int complain(struct complaint *complaint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
