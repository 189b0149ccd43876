#define _GNU_SOURCE
#include "reply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void reply_start(struct reply *reply) {
    reply->state = REPLY_HEAD;
    reply->status = 0;
    reply->closes = false;
    reply->left = 0;
    reply->body_bytes = 0;
    reply->held = 0;
}

/* The value of header NAME (with its colon) in the zero-terminated head, or NULL. */
static const char *header_value(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0) {
            return line + length + strspn(line + length, " \t");
        }
    }
    return NULL;
}

static bool value_has(const char *value, const char *word) {
    size_t length = strcspn(value, "\r\n");
    return memmem(value, length, word, strlen(word)) != NULL;
}

static bool parse_number(const char *text, int base, uint64_t *number) {
    char *end = NULL;
    if (strspn(text, base == 16 ? "0123456789abcdefABCDEF" : "0123456789") == 0) {
        return false;
    }
    errno = 0;
    *number = strtoull(text, &end, base);
    return errno == 0;
}

static enum reply_state state_after_head(struct reply *reply) {
    const char *head = reply->text;
    uint64_t status = 0;
    if (strncmp(head, "HTTP/1.", 7) != 0 || strlen(head) < 12) {
        return REPLY_BROKEN;
    }
    if (head[8] != ' ' || !parse_number(head + 9, 10, &status) || status < 100 || status > 999) {
        return REPLY_BROKEN;
    }
    reply->status = (int)status;
    if (status < 200) {
        return status == 101 ? REPLY_BROKEN : REPLY_HEAD;
    }
    const char *connection = header_value(head, "connection:");
    reply->closes = connection != NULL && value_has(connection, "close");
    if (status == 204 || status == 304) {
        return REPLY_DONE;
    }
    const char *coding = header_value(head, "transfer-encoding:");
    if (coding != NULL && value_has(coding, "chunked")) {
        return REPLY_CHUNK_SIZE;
    }
    const char *length = header_value(head, "content-length:");
    if (length == NULL) {
        reply->closes = true;
        return REPLY_UNTIL_CLOSE;
    }
    if (!parse_number(length, 10, &reply->left)) {
        return REPLY_BROKEN;
    }
    return reply->left == 0 ? REPLY_DONE : REPLY_FIXED;
}

/* Keeps one byte of the head; the blank line ends it. */
static void feed_head(struct reply *reply, char byte) {
    if (reply->held >= REPLY_HEAD_MAX) {
        reply->state = REPLY_BROKEN;
        return;
    }
    reply->text[reply->held++] = byte;
    if (byte != '\n' || reply->held < 4) {
        return;
    }
    if (memcmp(reply->text + reply->held - 4, "\r\n\r\n", 4) == 0) {
        reply->text[reply->held] = '\0';
        reply->held = 0;
        reply->state = state_after_head(reply);
    }
}

static void take_line(struct reply *reply) {
    if (reply->state == REPLY_CHUNK_END) {
        reply->state = reply->held == 0 ? REPLY_CHUNK_SIZE : REPLY_BROKEN;
    } else if (reply->state == REPLY_TRAILERS) {
        reply->state = reply->held == 0 ? REPLY_DONE : REPLY_TRAILERS;
    } else if (!parse_number(reply->text, 16, &reply->left)) {
        reply->state = REPLY_BROKEN;
    } else {
        reply->state = reply->left == 0 ? REPLY_TRAILERS : REPLY_CHUNK_DATA;
    }
    reply->held = 0;
}

/* Keeps one byte of a line between chunks; the line feed ends it. */
static void feed_line(struct reply *reply, char byte) {
    if (byte == '\n') {
        reply->text[reply->held] = '\0';
        if (reply->held > 0 && reply->text[reply->held - 1] == '\r') {
            reply->text[--reply->held] = '\0';
        }
        take_line(reply);
    } else if (reply->held >= REPLY_LINE_MAX) {
        reply->state = REPLY_BROKEN;
    } else {
        reply->text[reply->held++] = byte;
    }
}

static size_t feed_body(struct reply *reply, size_t size) {
    size_t taken = size < reply->left ? size : (size_t)reply->left;
    reply->left -= taken;
    reply->body_bytes += taken;
    if (reply->left == 0) {
        reply->state = reply->state == REPLY_FIXED ? REPLY_DONE : REPLY_CHUNK_END;
    }
    return taken;
}

void reply_feed(struct reply *reply, const char *data, size_t size) {
    while (size > 0) {
        size_t taken = 1;
        switch (reply->state) {
        case REPLY_HEAD:
            feed_head(reply, *data);
            break;
        case REPLY_FIXED:
        case REPLY_CHUNK_DATA:
            taken = feed_body(reply, size);
            break;
        case REPLY_CHUNK_SIZE:
        case REPLY_CHUNK_END:
        case REPLY_TRAILERS:
            feed_line(reply, *data);
            break;
        case REPLY_UNTIL_CLOSE:
            taken = size;
            reply->body_bytes += size;
            break;
        case REPLY_DONE:
        case REPLY_BROKEN:
            reply->state = REPLY_BROKEN;
            return;
        }
        data += taken;
        size -= taken;
    }
}

void reply_closed(struct reply *reply) {
    if (reply->state != REPLY_DONE) {
        reply->state = reply->state == REPLY_UNTIL_CLOSE ? REPLY_DONE : REPLY_BROKEN;
    }
}
