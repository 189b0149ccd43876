/* What an HTTP/2 connection of the null server sends: frames into the output, answers to a stream
   as far as the peer's windows allow; and the table of its streams. */
#ifndef WEIRLINE_H2_STREAM_H
#define WEIRLINE_H2_STREAM_H

#include "h2.h"

/* Numbers of RFC 9113, sections 6 and 7. */
enum h2_frame_type {
    H2_DATA, H2_HEADERS, H2_PRIORITY, H2_RST_STREAM, H2_SETTINGS,
    H2_PUSH_PROMISE, H2_PING, H2_GOAWAY, H2_WINDOW_UPDATE, H2_CONTINUATION,
};
enum { H2_FLAG_END_STREAM = 1, H2_FLAG_ACK = 1, H2_FLAG_END_HEADERS = 4, H2_FLAG_PADDED = 8 };
enum h2_fault {
    H2_FAULT_NONE, H2_FAULT_PROTOCOL, H2_FAULT_INTERNAL, H2_FAULT_FLOW_CONTROL,
    H2_FAULT_FRAME_SIZE = 6, H2_FAULT_REFUSED = 7, H2_FAULT_CANCEL = 8, H2_FAULT_CALM = 11,
};
enum { H2_HEADER = 9 };

void h2_write_32(uint8_t *bytes, uint32_t number);

size_t h2_output_room(const struct h2_peer *peer);

/* Adds a frame and returns where its payload goes. Callers keep within H2_OUTPUT_RESERVE. */
uint8_t *h2_add_frame(struct h2_peer *peer, enum h2_frame_type type, uint8_t flags, uint32_t id,
                      size_t size);

/* Adds a frame whose payload is one number. */
void h2_add_number_frame(struct h2_peer *peer, enum h2_frame_type type, uint32_t id,
                         uint32_t number);

/* The open stream of this id, or NULL. */
struct h2_stream *h2_find_stream(struct h2_peer *peer, uint32_t id);

/* A new stream, or NULL when H2_STREAMS are open. */
struct h2_stream *h2_open_stream(struct h2_peer *peer, uint32_t id);

void h2_close_stream(struct h2_peer *peer, struct h2_stream *stream);

void h2_reset_stream(struct h2_peer *peer, struct h2_stream *stream, enum h2_fault fault);

/* Ends STREAM as gRPC does for a request it cannot read: INVALID_ARGUMENT, then no more. */
void h2_refuse_stream(struct h2_peer *peer, struct h2_stream *stream);

/* Writes the waiting answers as far as windows and output allow, then the trailers if the client
   has half-closed. STREAM may be gone afterwards. */
void h2_send_answers(struct h2_peer *peer, struct h2_stream *stream);

/* Tries again for every stream that something held up. */
void h2_send_blocked(struct h2_peer *peer);

#endif
