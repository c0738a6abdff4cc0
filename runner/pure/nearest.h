/* The word that was meant. */
#ifndef NEAREST_H
#define NEAREST_H

/*
 * Of the words (ended by NULL) the one that takes fewest typing mistakes to make `word` of; NULL when that is no
 * likely one.
 */
const char *nearest_word(const char *word, const char *const *words);

#endif
