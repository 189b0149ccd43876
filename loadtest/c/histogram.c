#include "histogram.h"

#include <math.h>

static unsigned step_of(uint64_t value) {
    if (value < HISTOGRAM_STEPS) {
        return (unsigned)value;
    }
    if (value >> HISTOGRAM_TOP_BIT != 0) {
        return HISTOGRAM_SIZE - 1;
    }
    unsigned top_bit = 63u - (unsigned)__builtin_clzll(value);
    unsigned shift = top_bit - HISTOGRAM_BITS;
    return (shift + 1) * HISTOGRAM_STEPS + (unsigned)(value >> shift) - HISTOGRAM_STEPS;
}

static uint64_t middle_of(unsigned step) {
    if (step < 2 * HISTOGRAM_STEPS) {
        return step; /* the first two octaves hold every value exactly */
    }
    unsigned shift = step / HISTOGRAM_STEPS - 1;
    uint64_t low = (uint64_t)(step % HISTOGRAM_STEPS + HISTOGRAM_STEPS) << shift;
    return low + ((uint64_t)1 << shift) / 2;
}

void histogram_add(struct histogram *histogram, uint64_t value_ns) {
    histogram->count++;
    histogram->sum_ns += value_ns;
    if (value_ns > histogram->max_ns) {
        histogram->max_ns = value_ns;
    }
    histogram->steps[step_of(value_ns)]++;
}

uint64_t histogram_percentile(const struct histogram *histogram, double fraction) {
    uint64_t rank = (uint64_t)ceil(fraction * (double)histogram->count);
    uint64_t seen = 0;
    for (unsigned step = 0; step < HISTOGRAM_SIZE; step++) {
        seen += histogram->steps[step];
        if (seen >= rank && seen > 0) {
            return middle_of(step);
        }
    }
    return 0;
}
