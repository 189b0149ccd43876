/* Which ProcessingRequest came, told from its bytes as they arrive, and what the answer to it is.

   A message is read without being kept: only the tag of the set member of the oneof `request` is
   looked for (envoy/service/ext_proc/v3/external_processor.proto), whatever the field order. */
#ifndef WEIRLINE_EXCHANGE_H
#define WEIRLINE_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

enum exchange_kind {
    EXCHANGE_NONE = 0,
    EXCHANGE_REQUEST_HEADERS = 2, /* the field numbers of ProcessingRequest */
    EXCHANGE_RESPONSE_HEADERS = 3,
    EXCHANGE_REQUEST_BODY = 4,
    EXCHANGE_RESPONSE_BODY = 5,
    EXCHANGE_REQUEST_TRAILERS = 6,
    EXCHANGE_RESPONSE_TRAILERS = 7,
    EXCHANGE_KINDS = 8,
};

enum exchange_step {
    EXCHANGE_PREFIX, /* the five bytes of gRPC's length-prefixed message */
    EXCHANGE_TAG,
    EXCHANGE_LENGTH,
    EXCHANGE_VARINT,
    EXCHANGE_SKIP,
    EXCHANGE_REST, /* kind known: the rest is not looked at */
};

struct exchange {
    enum exchange_step step;
    enum exchange_kind kind;
    uint8_t prefix_held;
    uint8_t shift;
    uint8_t field;
    uint32_t message_left;
    uint64_t number;
    uint64_t skip_left;
};

struct exchange_answer {
    const uint8_t *bytes; /* one ProcessingResponse */
    uint8_t size;
};

/* Takes bytes up to the end of one message. Returns how many were taken, or -1 for what no gRPC
   client without compression sends. *ENDED is the kind when the message ended, else EXCHANGE_NONE.
   A message without a kind we know ends as -1 too. */
long exchange_feed(struct exchange *exchange, const uint8_t *data, size_t size,
                   enum exchange_kind *ended);

struct exchange_answer exchange_answer_to(enum exchange_kind kind);

#endif
