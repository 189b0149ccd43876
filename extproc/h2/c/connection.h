/* One HTTP/2 connection of a gRPC server: what the files of this folder share.
 *
 * libnghttp2 speaks the protocol; the code here puts gRPC messages together, frames answers, and
 * counts what looks like a flood. It decides nothing: every limit, name and header field comes from
 * Python, and what happened is handed back as a list of (kind, stream, payload), one a read. Nothing
 * here ever calls into Python code.
 *
 * Source: RFC 9113; https://grpc.github.io/grpc/core/md_doc__p_r_o_t_o_c_o_l-_h_t_t_p2.html.
 */
#ifndef WEIRLINE_H2_CONNECTION_H
#define WEIRLINE_H2_CONNECTION_H

#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <nghttp2/nghttp2.h>
#include <stdint.h>

#define PREFIX_BYTES 5
#define ANSWER_OVERHEAD 64 /* bytes that an answer waiting costs beside its own */
#define MOST_FIELDS 16

/* What receive() tells of; the names are exported under these numbers. */
enum event_kind {
  EVENT_OPENED,      /* payload: milliseconds the client gives us, -1 for no bound */
  EVENT_REFUSED,     /* payload: enum refusal; nothing else comes of this stream */
  EVENT_MESSAGE,     /* payload: bytes */
  EVENT_BAD_MESSAGE, /* payload: enum fault; no message comes after it */
  EVENT_HALF_CLOSED, /* the client will send nothing more */
  EVENT_CLOSED,      /* the client reset the stream, or the protocol did */
  EVENT_NOISE,       /* payload: enum noise; its budget is spent and begins anew */
  EVENT_PONG,        /* the answer to ping() */
  EVENT_BROKEN,      /* nghttp2 gave the connection up; payload: its error, or that of RFC 9113 */
};

enum refusal { REFUSED_METHOD, REFUSED_TYPE, REFUSED_TE, REFUSED_PATH };
enum fault { FAULT_COMPRESSED, FAULT_TOO_LARGE, FAULT_TRUNCATED, FAULT_NO_ROOM };

/* Frames that a peer can send without end and that move no message. */
enum noise {
  NOISE_RESET, /* streams reset before anything was answered */
  NOISE_PING,
  NOISE_SETTINGS,
  NOISE_EMPTY,    /* DATA without a byte that ends nothing */
  NOISE_WINDOW,   /* WINDOW_UPDATE */
  NOISE_PRIORITY,
  NOISE_HEADERS,  /* requests with too many header bytes */
  NOISE_REFUSED,  /* requests for something else */
  NOISE_KINDS
};

struct answer {
  struct answer *next;
  PyObject *bytes; /* owned */
  const uint8_t *data;
  size_t size; /* of the message; PREFIX_BYTES stand before it */
  size_t sent; /* of prefix and message */
};

struct stream {
  struct stream *next, *previous; /* all streams of the connection */
  int32_t id;
  int64_t timeout_ms;
  size_t header_bytes;
  unsigned has_method : 1, has_path : 1, has_type : 1, has_te : 1;
  unsigned opened : 1;    /* Python was told of it */
  unsigned deaf : 1;      /* no message of it is wanted any more */
  unsigned refused : 1;   /* it was never a request that is served */
  unsigned answering : 1; /* our header fields are on their way */
  unsigned answered : 1;  /* something of ours was sent */
  unsigned waiting : 1;   /* the data provider has nothing to send */
  unsigned held : 1;      /* its window is to stay as it is until release() */
  unsigned ending : 1;    /* finish() or respond() was called */
  unsigned marked : 1;    /* a sweep has seen it ending */
  /* The message being put together. */
  uint8_t prefix[PREFIX_BYTES];
  uint8_t prefix_size;
  PyObject *message;
  size_t message_size, filled, room;
  size_t unconsumed;
  /* The answers not sent yet. */
  struct answer *first, *last;
  size_t queued;
  PyObject *trailers; /* owned tuple of pairs, sent after the last answer */
};

typedef struct {
  PyObject_HEAD
  nghttp2_session *session;
  struct stream *streams;
  size_t stream_count;
  PyObject *events; /* the list being filled; NULL outside of receive() */
  int closing;      /* terminate() was called: what comes in is thrown away */
  int dead;         /* nothing may be fed or sent any more */
  int failed;       /* a Python error is set, or memory ran out */
  size_t buffered;  /* bytes of messages begun and answers waiting, all streams */
  int backlog;      /* a stream's window is kept small because its answers wait */
  /* From Python. */
  PyObject *path;          /* bytes */
  PyObject *answer_fields; /* tuple of pairs of bytes */
  size_t message_limit, header_limit, buffered_limit, queue_high;
  size_t stream_limit, stream_window, connection_window;
  uint32_t budgets[NOISE_KINDS];
  /* Counted. */
  uint32_t noise[NOISE_KINDS];
  uint64_t noise_total[NOISE_KINDS];
  /* What take() hands out. */
  uint8_t *out;
  size_t out_size, out_room;
} Connection;

/* session.c */
int session_start(Connection *self);
int session_feed(Connection *self, const uint8_t *data, size_t size);
int session_collect(Connection *self);

/* stream.c */
extern size_t buffered_by_all; /* by all connections of this process, under one budget */
struct stream *stream_new(Connection *self, int32_t id);
void stream_free(Connection *self, struct stream *stream);
int stream_receive(Connection *self, struct stream *stream, const uint8_t *data, size_t size);
int stream_end_of_data(Connection *self, struct stream *stream);
void stream_consume(Connection *self, struct stream *stream);
int stream_answer(Connection *self, struct stream *stream, PyObject *bytes);
int stream_finish(Connection *self, struct stream *stream, PyObject *trailers);
void stream_deafen(Connection *self, struct stream *stream);

/* fields.c */
int fields_check(PyObject *fields);
size_t fields_fill(nghttp2_nv *into, size_t room, PyObject *fields);

/* callbacks.c */
int callbacks_set(nghttp2_session_callbacks *callbacks);
int emit(Connection *self, enum event_kind kind, int32_t stream, PyObject *payload);
int emit_number(Connection *self, enum event_kind kind, int32_t stream, long payload);
int note_noise(Connection *self, enum noise kind);

#endif
