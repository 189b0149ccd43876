#define _GNU_SOURCE
#include "generator_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static double number_option(const char *name, double low, double high) {
    char *end = NULL;
    double number = strtod(optarg, &end);
    if (end == optarg || *end != '\0' || !(number >= low && number <= high)) {
        fprintf(stderr, "generator: --%s wants a number from %g to %g\n", name, low, high);
        exit(2);
    }
    return number;
}

struct options read_options(int count, char **words) {
    struct options options = {
        .host = "bench", .path = "/", .duration_s = 3, .drain_s = 2, .connections = 32,
        .expect_bytes = -1,
    };
    static const struct option known[] = {
        {"connect", required_argument, NULL, 'c'},  {"host", required_argument, NULL, 'h'},
        {"path", required_argument, NULL, 'p'},     {"rate", required_argument, NULL, 'r'},
        {"duration", required_argument, NULL, 'd'}, {"warmup", required_argument, NULL, 'w'},
        {"drain", required_argument, NULL, 'x'},    {"connections", required_argument, NULL, 'n'},
        {"expect", required_argument, NULL, 'e'},   {"samples", required_argument, NULL, 's'},
        {NULL, 0, NULL, 0},
    };
    for (int letter; (letter = getopt_long(count, words, "", known, NULL)) != -1;) {
        switch (letter) {
        case 'c': options.connect = optarg; break;
        case 'h': options.host = optarg; break;
        case 'p': options.path = optarg; break;
        case 's': options.samples = optarg; break;
        case 'r': options.rate = number_option("rate", 0, 1e6); break;
        case 'd': options.duration_s = number_option("duration", 0.01, 86400); break;
        case 'w': options.warmup_s = number_option("warmup", 0, 3600); break;
        case 'x': options.drain_s = number_option("drain", 0, 3600); break;
        case 'n': options.connections = (int)number_option("connections", 1, CONNECTIONS_MAX);
            break;
        case 'e': options.expect_bytes = (int64_t)number_option("expect", 0, 1e12); break;
        default: exit(2);
        }
    }
    if (options.connect == NULL || optind != count) {
        fprintf(stderr, "generator: wants --connect unix:PATH or tcp:HOST:PORT, and no words\n");
        exit(2);
    }
    return options;
}
