/* The subcommands of match-tournament. */
#ifndef CONTESTS_H
#define CONTESTS_H

#include "command.h"
#include "cup.h"

extern const struct option_text run_options[], plan_options[], rate_options[], report_options[], status_options[],
    add_options[], collect_options[];

int run_run(int argc, char *argv[]);
int plan_run(int argc, char *argv[]);
int status_run(int argc, char *argv[]);
int rate_run(int argc, char *argv[]);
int report_run(int argc, char *argv[]);
int add_run(int argc, char *argv[]);
int withdraw_run(int argc, char *argv[]);
int redo_run(int argc, char *argv[]);
int collect_run(int argc, char *argv[]);

/* Prints what is wrong with the tournament and gives its exit status. */
int contest_failed(const struct cup *cup);

/* Writes the folder `report` of the tournament. -1, and cup->wrong. */
int report_write(struct cup *cup, const char *folder);

/* Other forms than pages, to the standard output. -1: cup->wrong. */
int export_json(struct cup *cup);
int export_csv(struct cup *cup);
int export_pgn(struct cup *cup);

#endif
