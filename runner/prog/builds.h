/* The subcommands of match-build. */
#ifndef BUILDS_H
#define BUILDS_H

#include "command.h"
#include "depot.h"

extern const struct option_text build_options[], list_options[], show_store_options[], remove_options[], gc_options[];

int build_run(int argc, char *argv[]);
int list_run(int argc, char *argv[]);
int show_store_run(int argc, char *argv[]);
int remove_run(int argc, char *argv[]);
int gc_run(int argc, char *argv[]);

#endif
