/* The server side of HTTP/2 (RFC 9113), as much of it as one gRPC method needs: every frame is
   framed, flow-controlled and answered, but no header block is decoded, because nothing in it
   changes the answer. It serves the null server of the bench and nothing else. */
#ifndef WEIRLINE_H2_H
#define WEIRLINE_H2_H

#include "exchange.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    H2_FRAME_MAX = 16384, /* the default SETTINGS_MAX_FRAME_SIZE, not raised */
    H2_INPUT = 262144,
    H2_OUTPUT = 524288,
    H2_OUTPUT_RESERVE = 131072, /* more than the answers to the messages of one frame */
    H2_STREAMS = 4096,
    H2_BUCKETS = 8192,
    H2_PENDING = 8, /* messages a stream may have waiting for an answer */
};

struct h2_stream {
    uint32_t id;
    int next; /* index in the bucket's or the free list, -1 at its end */
    struct exchange exchange;
    int64_t send_window;
    uint32_t received; /* bytes not yet given back by WINDOW_UPDATE */
    bool headers_sent;
    bool half_closed;
    uint8_t pending_count;
    uint8_t pending[H2_PENDING];
};

struct h2_peer {
    int descriptor;
    bool preface_seen;
    bool blocked;    /* some stream has answers that a window or the output held up */
    bool wants_room; /* there is more to do as soon as the output is written */
    uint32_t open_block; /* the stream whose header block goes on in CONTINUATION, 0 if none */
    bool open_block_ends_stream;
    uint32_t highest_id;
    uint32_t received;
    int64_t send_window;
    int64_t initial_window;
    int free_list;
    int buckets[H2_BUCKETS];
    struct h2_stream streams[H2_STREAMS];
    size_t input_held;
    size_t output_start, output_end;
    uint8_t input[H2_INPUT];
    uint8_t output[H2_OUTPUT];
};

/* Writes the server's SETTINGS and connection window into the output. */
void h2_open(struct h2_peer *peer, int descriptor);

/* Works on the whole frames of the input as far as there is room for answers; `wants_room` says
   that there was not enough. Returns false when the connection must end; a GOAWAY is then in the
   output. */
bool h2_work(struct h2_peer *peer);

#endif
