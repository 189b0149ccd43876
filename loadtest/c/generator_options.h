/* What the load generator is asked to do on its command line. */
#ifndef WEIRLINE_GENERATOR_OPTIONS_H
#define WEIRLINE_GENERATOR_OPTIONS_H

#include <stdint.h>

enum { CONNECTIONS_MAX = 4096 };

struct options {
    const char *connect; /* unix:PATH or tcp:HOST:PORT */
    const char *host, *path;
    const char *samples; /* file for every measured latency in ns, a line each; NULL = none */
    double rate;         /* requests a second; 0 = closed loop */
    double duration_s;   /* requests fall due in this time */
    double warmup_s;     /* those due in the first part of it are sent, but not measured */
    double drain_s;      /* how long the last answers are waited for */
    int connections;
    int64_t expect_bytes; /* size of every body; -1 = any */
};

/* Reads the command line; ends the program with status 2 and a message when it is wrong. */
struct options read_options(int count, char **words);

#endif
