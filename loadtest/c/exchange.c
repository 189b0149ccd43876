#include "exchange.h"

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

/* CONTINUE for each kind. As the wiring `enforce` wants it, the answer to the request headers puts
   every body mode to NONE, and the answer to the response headers asks for the whole body. */
static const uint8_t request_headers[] = {0x0a, 0x02, 0x0a, 0x00, 0x4a, 0x00};
static const uint8_t response_headers[] = {0x12, 0x02, 0x0a, 0x00, 0x4a, 0x02, 0x20, 0x02};
static const uint8_t request_body[] = {0x1a, 0x02, 0x0a, 0x00};
static const uint8_t response_body[] = {0x22, 0x02, 0x0a, 0x00};
static const uint8_t request_trailers[] = {0x2a, 0x00};
static const uint8_t response_trailers[] = {0x32, 0x00};

struct exchange_answer exchange_answer_to(enum exchange_kind kind) {
    static const struct exchange_answer answers[EXCHANGE_KINDS] = {
        [EXCHANGE_REQUEST_HEADERS] = {request_headers, sizeof request_headers},
        [EXCHANGE_RESPONSE_HEADERS] = {response_headers, sizeof response_headers},
        [EXCHANGE_REQUEST_BODY] = {request_body, sizeof request_body},
        [EXCHANGE_RESPONSE_BODY] = {response_body, sizeof response_body},
        [EXCHANGE_REQUEST_TRAILERS] = {request_trailers, sizeof request_trailers},
        [EXCHANGE_RESPONSE_TRAILERS] = {response_trailers, sizeof response_trailers},
    };
    return answers[kind];
}

static int take_prefix(struct exchange *exchange, uint8_t byte) {
    if (exchange->prefix_held == 0 && byte != 0) {
        return -1; /* compressed: we offered no encoding */
    }
    if (exchange->prefix_held > 0) {
        exchange->message_left = exchange->message_left << 8 | byte;
    }
    if (++exchange->prefix_held == 5) {
        exchange->step = EXCHANGE_TAG;
        exchange->number = 0;
        exchange->shift = 0;
    }
    return 0;
}

/* Adds one byte of a varint; 1 when it is whole, 0 when more comes, -1 when it is too long. */
static int take_varint(struct exchange *exchange, uint8_t byte) {
    if (exchange->shift > 63) {
        return -1;
    }
    exchange->number |= (uint64_t)(byte & 0x7f) << exchange->shift;
    exchange->shift += 7;
    return (byte & 0x80) == 0;
}

static int take_tag(struct exchange *exchange) {
    uint64_t field = exchange->number >> 3;
    unsigned wire = (unsigned)exchange->number & 7;
    if (wire == WIRE_BYTES && field >= EXCHANGE_REQUEST_HEADERS && field < EXCHANGE_KINDS) {
        exchange->kind = (enum exchange_kind)field;
        exchange->step = EXCHANGE_REST;
        return 0;
    }
    switch (wire) {
    case WIRE_VARINT:
        exchange->step = EXCHANGE_VARINT;
        return 0;
    case WIRE_BYTES:
        exchange->step = EXCHANGE_LENGTH;
        return 0;
    case WIRE_FIXED64:
    case WIRE_FIXED32:
        exchange->step = EXCHANGE_SKIP;
        exchange->skip_left = wire == WIRE_FIXED64 ? 8 : 4;
        return 0;
    default:
        return -1;
    }
}

/* Takes one byte of a tag, a length or a varint value. */
static int take_number(struct exchange *exchange, uint8_t byte) {
    int whole = take_varint(exchange, byte);
    if (whole <= 0) {
        return whole;
    }
    int fault = 0;
    if (exchange->step == EXCHANGE_TAG) {
        fault = take_tag(exchange);
    } else if (exchange->step == EXCHANGE_LENGTH) {
        exchange->skip_left = exchange->number;
        exchange->step = exchange->number == 0 ? EXCHANGE_TAG : EXCHANGE_SKIP;
    } else {
        exchange->step = EXCHANGE_TAG;
    }
    exchange->number = 0;
    exchange->shift = 0;
    return fault;
}

static size_t skip_bytes(struct exchange *exchange, size_t room) {
    size_t taken = room;
    if (exchange->step == EXCHANGE_SKIP) {
        taken = room < exchange->skip_left ? room : (size_t)exchange->skip_left;
        exchange->skip_left -= taken;
        if (exchange->skip_left == 0) {
            exchange->step = EXCHANGE_TAG;
        }
    }
    return taken;
}

long exchange_feed(struct exchange *exchange, const uint8_t *data, size_t size,
                   enum exchange_kind *ended) {
    size_t used = 0;
    *ended = EXCHANGE_NONE;
    while (used < size && exchange->step == EXCHANGE_PREFIX) {
        if (take_prefix(exchange, data[used++]) != 0) {
            return -1;
        }
    }
    while (used < size && exchange->message_left > 0) {
        size_t room = size - used < exchange->message_left ? size - used : exchange->message_left;
        size_t taken = 1;
        if (exchange->step >= EXCHANGE_SKIP) {
            taken = skip_bytes(exchange, room);
        } else if (take_number(exchange, data[used]) < 0) {
            return -1;
        }
        used += taken;
        exchange->message_left -= (uint32_t)taken;
    }
    if (exchange->step == EXCHANGE_PREFIX || exchange->message_left > 0) {
        return (long)used;
    }
    *ended = exchange->kind;
    int known = exchange->step == EXCHANGE_REST;
    *exchange = (struct exchange){0};
    return known ? (long)used : -1;
}
