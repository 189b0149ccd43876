#include "h2_stream.h"

#include <string.h>

enum {
    DEFAULT_WINDOW = 65535, STREAM_WINDOW = 16 << 20, GIVE_BACK = 8 << 20,
    CONNECTION_WINDOW = 1 << 30, SETTING_INITIAL_WINDOW = 4, SETTING_STREAMS = 3,
};

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
enum { PREFACE = sizeof preface - 1 };

struct frame {
    uint32_t size, id;
    uint8_t type, flags;
    const uint8_t *payload;
};

static uint32_t read_32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Takes the padding off; false when it is longer than the frame. */
static bool unpad(struct frame *frame) {
    if ((frame->flags & H2_FLAG_PADDED) == 0) {
        return true;
    }
    if (frame->size == 0 || frame->payload[0] >= frame->size) {
        return false;
    }
    frame->size -= 1u + frame->payload[0];
    frame->payload++;
    return true;
}

static void give_back_window(struct h2_peer *peer, struct h2_stream *stream, uint32_t size) {
    peer->received += size;
    if (peer->received >= GIVE_BACK) {
        h2_add_number_frame(peer, H2_WINDOW_UPDATE, 0, peer->received);
        peer->received = 0;
    }
    if (stream == NULL) {
        return;
    }
    stream->received += size;
    if (stream->received >= GIVE_BACK) {
        h2_add_number_frame(peer, H2_WINDOW_UPDATE, stream->id, stream->received);
        stream->received = 0;
    }
}

static enum h2_fault take_data(struct h2_peer *peer, struct frame frame) {
    struct h2_stream *stream = h2_find_stream(peer, frame.id);
    if (frame.id == 0 || frame.id > peer->highest_id) {
        return H2_FAULT_PROTOCOL;
    }
    give_back_window(peer, stream, frame.size);
    if (!unpad(&frame)) {
        return H2_FAULT_PROTOCOL;
    }
    if (stream == NULL) {
        return H2_FAULT_NONE; /* on its way when we ended the stream */
    }
    if (stream->half_closed) {
        return H2_FAULT_PROTOCOL;
    }
    while (frame.size > 0) {
        enum exchange_kind ended;
        long used = exchange_feed(&stream->exchange, frame.payload, frame.size, &ended);
        if (used < 0) {
            h2_refuse_stream(peer, stream);
            return H2_FAULT_NONE;
        }
        frame.payload += used;
        frame.size -= (uint32_t)used;
        if (ended == EXCHANGE_NONE) {
            continue;
        }
        if (stream->pending_count == H2_PENDING) {
            h2_reset_stream(peer, stream, H2_FAULT_CALM);
            return H2_FAULT_NONE;
        }
        stream->pending[stream->pending_count++] = (uint8_t)ended;
        h2_send_answers(peer, stream);
    }
    if ((frame.flags & H2_FLAG_END_STREAM) != 0) {
        stream->half_closed = true;
        h2_send_answers(peer, stream);
    }
    return H2_FAULT_NONE;
}

static void end_block_of(struct h2_peer *peer, uint32_t id) {
    struct h2_stream *stream = h2_find_stream(peer, id);
    peer->open_block = 0;
    if (stream != NULL && peer->open_block_ends_stream) {
        stream->half_closed = true;
        h2_send_answers(peer, stream);
    }
}

static enum h2_fault take_headers(struct h2_peer *peer, struct frame frame) {
    if (frame.id % 2 == 0 || !unpad(&frame)) {
        return H2_FAULT_PROTOCOL;
    }
    if (frame.id > peer->highest_id) {
        peer->highest_id = frame.id;
        if (h2_open_stream(peer, frame.id) == NULL) {
            h2_add_number_frame(peer, H2_RST_STREAM, frame.id, H2_FAULT_REFUSED);
        }
    }
    peer->open_block = frame.id;
    peer->open_block_ends_stream = (frame.flags & H2_FLAG_END_STREAM) != 0;
    if ((frame.flags & H2_FLAG_END_HEADERS) != 0) {
        end_block_of(peer, frame.id);
    }
    return H2_FAULT_NONE;
}

static enum h2_fault take_settings(struct h2_peer *peer, struct frame frame) {
    if (frame.id != 0) {
        return H2_FAULT_PROTOCOL;
    }
    if ((frame.flags & H2_FLAG_ACK) != 0) {
        return frame.size == 0 ? H2_FAULT_NONE : H2_FAULT_FRAME_SIZE;
    }
    if (frame.size % 6 != 0) {
        return H2_FAULT_FRAME_SIZE;
    }
    for (const uint8_t *entry = frame.payload; entry < frame.payload + frame.size; entry += 6) {
        uint32_t value = read_32(entry + 2);
        if (entry[0] != 0 || entry[1] != SETTING_INITIAL_WINDOW) {
            continue;
        }
        if (value > INT32_MAX) {
            return H2_FAULT_FLOW_CONTROL;
        }
        for (int index = 0; index < H2_STREAMS; index++) {
            peer->streams[index].send_window += (int64_t)value - peer->initial_window;
        }
        peer->initial_window = value;
    }
    h2_add_frame(peer, H2_SETTINGS, H2_FLAG_ACK, 0, 0);
    h2_send_blocked(peer);
    return H2_FAULT_NONE;
}

static enum h2_fault take_window_update(struct h2_peer *peer, struct frame frame) {
    if (frame.size != 4) {
        return H2_FAULT_FRAME_SIZE;
    }
    uint32_t more = read_32(frame.payload) & INT32_MAX;
    struct h2_stream *stream = h2_find_stream(peer, frame.id);
    int64_t *window = frame.id == 0 ? &peer->send_window : stream ? &stream->send_window : NULL;
    if (window == NULL) {
        return H2_FAULT_NONE; /* for a stream that ended */
    }
    if (more == 0 || *window + more > INT32_MAX) {
        return more == 0 ? H2_FAULT_PROTOCOL : H2_FAULT_FLOW_CONTROL;
    }
    *window += more;
    h2_send_blocked(peer);
    return H2_FAULT_NONE;
}

static enum h2_fault take_frame(struct h2_peer *peer, struct frame frame) {
    struct h2_stream *stream;
    if (peer->open_block != 0 && (frame.type != H2_CONTINUATION || frame.id != peer->open_block)) {
        return H2_FAULT_PROTOCOL;
    }
    switch (frame.type) {
    case H2_DATA:
        return take_data(peer, frame);
    case H2_HEADERS:
        return take_headers(peer, frame);
    case H2_CONTINUATION:
        if (peer->open_block == 0) {
            return H2_FAULT_PROTOCOL;
        }
        if ((frame.flags & H2_FLAG_END_HEADERS) != 0) {
            end_block_of(peer, frame.id);
        }
        return H2_FAULT_NONE;
    case H2_RST_STREAM:
        stream = h2_find_stream(peer, frame.id);
        if (stream != NULL) {
            h2_close_stream(peer, stream);
        }
        return H2_FAULT_NONE;
    case H2_SETTINGS:
        return take_settings(peer, frame);
    case H2_PING:
        if (frame.size != 8) {
            return H2_FAULT_FRAME_SIZE;
        }
        if ((frame.flags & H2_FLAG_ACK) == 0) {
            memcpy(h2_add_frame(peer, H2_PING, H2_FLAG_ACK, 0, 8), frame.payload, 8);
        }
        return H2_FAULT_NONE;
    case H2_WINDOW_UPDATE:
        return take_window_update(peer, frame);
    case H2_PUSH_PROMISE:
        return H2_FAULT_PROTOCOL;
    default: /* PRIORITY, GOAWAY and what we do not know ask for nothing */
        return H2_FAULT_NONE;
    }
}

void h2_open(struct h2_peer *peer, int descriptor) {
    memset(peer, 0, sizeof *peer);
    peer->descriptor = descriptor;
    peer->send_window = DEFAULT_WINDOW;
    peer->initial_window = DEFAULT_WINDOW;
    memset(peer->buckets, -1, sizeof peer->buckets);
    for (int index = 0; index < H2_STREAMS; index++) {
        peer->streams[index].next = index + 1 < H2_STREAMS ? index + 1 : -1;
    }
    uint8_t *settings = h2_add_frame(peer, H2_SETTINGS, 0, 0, 12);
    memset(settings, 0, 12);
    settings[1] = SETTING_STREAMS;
    h2_write_32(settings + 2, H2_STREAMS);
    settings[7] = SETTING_INITIAL_WINDOW;
    h2_write_32(settings + 8, STREAM_WINDOW);
    h2_add_number_frame(peer, H2_WINDOW_UPDATE, 0, CONNECTION_WINDOW);
}

static bool end_connection(struct h2_peer *peer, enum h2_fault fault) {
    uint8_t *goaway = h2_add_frame(peer, H2_GOAWAY, 0, 0, 8);
    h2_write_32(goaway, peer->highest_id);
    h2_write_32(goaway + 4, fault);
    return false;
}

bool h2_work(struct h2_peer *peer) {
    size_t used = 0;
    if (!peer->preface_seen) {
        if (peer->input_held < PREFACE) {
            return true;
        }
        if (memcmp(peer->input, preface, PREFACE) != 0) {
            return end_connection(peer, H2_FAULT_PROTOCOL);
        }
        peer->preface_seen = true;
        used = PREFACE;
    }
    h2_send_blocked(peer);
    while (peer->input_held - used >= H2_HEADER && h2_output_room(peer) >= H2_OUTPUT_RESERVE) {
        const uint8_t *bytes = peer->input + used;
        struct frame frame = {
            .size = read_32(bytes) >> 8, .type = bytes[3], .flags = bytes[4],
            .id = read_32(bytes + 5) & INT32_MAX, .payload = bytes + H2_HEADER};
        if (frame.size > H2_FRAME_MAX) {
            return end_connection(peer, H2_FAULT_FRAME_SIZE);
        }
        if (peer->input_held - used < H2_HEADER + frame.size) {
            break;
        }
        used += H2_HEADER + frame.size;
        enum h2_fault fault = take_frame(peer, frame);
        if (fault != H2_FAULT_NONE) {
            return end_connection(peer, fault);
        }
    }
    peer->input_held -= used;
    memmove(peer->input, peer->input + used, peer->input_held);
    peer->wants_room = h2_output_room(peer) < H2_OUTPUT_RESERVE;
    return true;
}
