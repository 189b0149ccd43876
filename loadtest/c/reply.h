/* Reads HTTP/1.1 answers piece by piece (RFC 9112): by content-length, chunked, or until close. */
#ifndef WEIRLINE_REPLY_H
#define WEIRLINE_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPLY_HEAD_MAX = 16384, REPLY_LINE_MAX = 4096 };

enum reply_state {
    REPLY_HEAD,
    REPLY_FIXED,
    REPLY_CHUNK_SIZE,
    REPLY_CHUNK_DATA,
    REPLY_CHUNK_END,
    REPLY_TRAILERS,
    REPLY_UNTIL_CLOSE,
    REPLY_DONE,
    REPLY_BROKEN,
};

struct reply {
    enum reply_state state;
    int status;
    bool closes;         /* the peer will close the connection after this answer */
    uint64_t left;       /* bytes still to come of the body or the chunk */
    uint64_t body_bytes; /* body bytes seen so far */
    size_t held;         /* bytes of the head or line kept in `text` */
    char text[REPLY_HEAD_MAX + 1];
};

void reply_start(struct reply *reply);

/* Takes SIZE bytes; state DONE or BROKEN says that the answer is over. Bytes after the end of an
   answer make it BROKEN: nothing was asked for yet. */
void reply_feed(struct reply *reply, const char *data, size_t size);

/* The peer closed: whole only if the body runs until close. */
void reply_closed(struct reply *reply);

#endif
