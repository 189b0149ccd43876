#include "h2_stream.h"

#include <string.h>

enum { ANSWER_ROOM = 256 }; /* more than one answer with its headers or trailers takes */

/* HPACK: ":status: 200" by index; "content-type" by index with a literal value, not indexed. */
static const uint8_t answer_block[] = "\x88\x0f\x10\x10" "application/grpc";
static const uint8_t end_block[] = "\x00\x0bgrpc-status\x01" "0";
static const uint8_t refusal_block[] = "\x88\x0f\x10\x10" "application/grpc"
                                       "\x00\x0bgrpc-status\x01" "3";
enum { /* without the zero the compiler adds */
    ANSWER_BLOCK = sizeof answer_block - 1,
    END_BLOCK = sizeof end_block - 1,
    REFUSAL_BLOCK = sizeof refusal_block - 1,
};

void h2_write_32(uint8_t *bytes, uint32_t number) {
    bytes[0] = (uint8_t)(number >> 24);
    bytes[1] = (uint8_t)(number >> 16);
    bytes[2] = (uint8_t)(number >> 8);
    bytes[3] = (uint8_t)number;
}

size_t h2_output_room(const struct h2_peer *peer) {
    return H2_OUTPUT - peer->output_end;
}

uint8_t *h2_add_frame(struct h2_peer *peer, enum h2_frame_type type, uint8_t flags, uint32_t id,
                      size_t size) {
    uint8_t *frame = peer->output + peer->output_end;
    h2_write_32(frame, (uint32_t)size << 8 | (uint32_t)type);
    frame[4] = flags;
    h2_write_32(frame + 5, id);
    peer->output_end += H2_HEADER + size;
    return frame + H2_HEADER;
}

void h2_add_number_frame(struct h2_peer *peer, enum h2_frame_type type, uint32_t id,
                         uint32_t number) {
    h2_write_32(h2_add_frame(peer, type, 0, id, 4), number);
}

static int *bucket_of(struct h2_peer *peer, uint32_t id) {
    return &peer->buckets[(id >> 1) % H2_BUCKETS];
}

struct h2_stream *h2_find_stream(struct h2_peer *peer, uint32_t id) {
    for (int index = *bucket_of(peer, id); index >= 0; index = peer->streams[index].next) {
        if (peer->streams[index].id == id) {
            return &peer->streams[index];
        }
    }
    return NULL;
}

struct h2_stream *h2_open_stream(struct h2_peer *peer, uint32_t id) {
    int index = peer->free_list;
    if (index < 0) {
        return NULL;
    }
    struct h2_stream *stream = &peer->streams[index];
    peer->free_list = stream->next;
    *stream = (struct h2_stream){
        .id = id, .next = *bucket_of(peer, id), .send_window = peer->initial_window};
    *bucket_of(peer, id) = index;
    return stream;
}

void h2_close_stream(struct h2_peer *peer, struct h2_stream *stream) {
    int index = (int)(stream - peer->streams);
    int *link = bucket_of(peer, stream->id);
    while (*link != index) {
        link = &peer->streams[*link].next;
    }
    *link = stream->next;
    stream->id = 0;
    stream->next = peer->free_list;
    peer->free_list = index;
}

void h2_reset_stream(struct h2_peer *peer, struct h2_stream *stream, enum h2_fault fault) {
    h2_add_number_frame(peer, H2_RST_STREAM, stream->id, fault);
    h2_close_stream(peer, stream);
}

void h2_refuse_stream(struct h2_peer *peer, struct h2_stream *stream) {
    const uint8_t *block = stream->headers_sent ? refusal_block + ANSWER_BLOCK : refusal_block;
    size_t size = stream->headers_sent ? END_BLOCK : REFUSAL_BLOCK;
    uint8_t flags = H2_FLAG_END_STREAM | H2_FLAG_END_HEADERS;
    memcpy(h2_add_frame(peer, H2_HEADERS, flags, stream->id, size), block, size);
    if (stream->half_closed) {
        h2_close_stream(peer, stream);
    } else {
        h2_reset_stream(peer, stream, H2_FAULT_NONE);
    }
}

void h2_send_answers(struct h2_peer *peer, struct h2_stream *stream) {
    unsigned sent = 0;
    while (sent < stream->pending_count) {
        struct exchange_answer answer = exchange_answer_to(stream->pending[sent]);
        size_t size = 5u + answer.size;
        if (stream->send_window < (int64_t)size || peer->send_window < (int64_t)size ||
            h2_output_room(peer) < ANSWER_ROOM) {
            break;
        }
        if (!stream->headers_sent) {
            memcpy(h2_add_frame(peer, H2_HEADERS, H2_FLAG_END_HEADERS, stream->id, ANSWER_BLOCK),
                   answer_block, ANSWER_BLOCK);
            stream->headers_sent = true;
        }
        uint8_t *message = h2_add_frame(peer, H2_DATA, 0, stream->id, size);
        message[0] = 0; /* not compressed */
        h2_write_32(message + 1, answer.size);
        memcpy(message + 5, answer.bytes, answer.size);
        stream->send_window -= (int64_t)size;
        peer->send_window -= (int64_t)size;
        sent++;
    }
    stream->pending_count -= (uint8_t)sent;
    memmove(stream->pending, stream->pending + sent, stream->pending_count);
    if (stream->pending_count > 0 || (stream->half_closed && h2_output_room(peer) < ANSWER_ROOM)) {
        peer->blocked = true;
        return;
    }
    if (!stream->half_closed) {
        return;
    }
    if (stream->exchange.step != EXCHANGE_PREFIX || stream->exchange.prefix_held > 0 ||
        !stream->headers_sent) {
        h2_refuse_stream(peer, stream); /* ended inside a message, or without one */
        return;
    }
    uint8_t flags = H2_FLAG_END_STREAM | H2_FLAG_END_HEADERS;
    memcpy(h2_add_frame(peer, H2_HEADERS, flags, stream->id, END_BLOCK), end_block, END_BLOCK);
    h2_close_stream(peer, stream);
}

void h2_send_blocked(struct h2_peer *peer) {
    if (!peer->blocked) {
        return;
    }
    peer->blocked = false;
    for (int index = 0; index < H2_STREAMS; index++) {
        struct h2_stream *stream = &peer->streams[index];
        if (stream->id != 0 && (stream->pending_count > 0 || stream->half_closed)) {
            h2_send_answers(peer, stream);
        }
    }
}
