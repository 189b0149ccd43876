/* A log-linear histogram of nanoseconds: 128 steps an octave, so a percentile is within 0.4 %. */
#ifndef WEIRLINE_HISTOGRAM_H
#define WEIRLINE_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_BITS = 7,
    HISTOGRAM_STEPS = 1 << HISTOGRAM_BITS,
    HISTOGRAM_TOP_BIT = 41, /* values of 2^41 ns (37 minutes) and above share the last step */
    HISTOGRAM_SIZE = (HISTOGRAM_TOP_BIT - HISTOGRAM_BITS + 1) * HISTOGRAM_STEPS,
};

struct histogram {
    uint64_t count;
    uint64_t sum_ns;
    uint64_t max_ns;
    uint64_t steps[HISTOGRAM_SIZE];
};

void histogram_add(struct histogram *histogram, uint64_t value_ns);

/* The least recorded value that FRACTION (0 to 1) of all values do not pass; 0 when empty. */
uint64_t histogram_percentile(const struct histogram *histogram, double fraction);

#endif
