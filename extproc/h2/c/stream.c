/* One stream: messages put together from DATA frames, answers framed into them.
 *
 * A message that arrives in one piece is copied once, into its bytes object; a longer one is copied
 * once as well, into an object made when its length is known. A length alone buys little memory:
 * beyond FIRST_ROOM the object grows with what has really come.
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM (1u << 20)

struct stream *stream_new(Connection *self, int32_t id) {
  struct stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) {
    return NULL;
  }
  stream->id = id;
  stream->timeout_ms = -1;
  stream->next = self->streams;
  if (stream->next != NULL) {
    stream->next->previous = stream;
  }
  self->streams = stream;
  self->stream_count++;
  return stream;
}

size_t buffered_by_all = 0;

static void count_in(Connection *self, size_t size) {
  self->buffered += size;
  buffered_by_all += size;
}

static void count_out(Connection *self, size_t size) {
  self->buffered -= size;
  buffered_by_all -= size;
}

static void drop_message(Connection *self, struct stream *stream) {
  if (stream->message != NULL) {
    Py_DECREF(stream->message);
    stream->message = NULL;
    count_out(self, stream->room);
  }
  stream->prefix_size = 0;
  stream->filled = stream->room = 0;
}

static void drop_answer(Connection *self, struct stream *stream) {
  struct answer *answer = stream->first;
  stream->first = answer->next;
  if (stream->first == NULL) {
    stream->last = NULL;
  }
  stream->queued -= answer->size + ANSWER_OVERHEAD;
  count_out(self, answer->size + ANSWER_OVERHEAD);
  Py_DECREF(answer->bytes);
  free(answer);
}

/* nghttp2 must have forgotten the stream, or be about to. */
void stream_free(Connection *self, struct stream *stream) {
  drop_message(self, stream);
  while (stream->first != NULL) {
    drop_answer(self, stream);
  }
  Py_XDECREF(stream->trailers);
  if (stream->next != NULL) {
    stream->next->previous = stream->previous;
  }
  if (stream->previous != NULL) {
    stream->previous->next = stream->next;
  } else {
    self->streams = stream->next;
  }
  self->stream_count--;
  free(stream);
}

void stream_deafen(Connection *self, struct stream *stream) {
  drop_message(self, stream);
  stream->deaf = 1;
  stream->held = 0;
}

/* Gives the client its window back, unless the stream is to be slowed down. */
void stream_consume(Connection *self, struct stream *stream) {
  if (stream->unconsumed == 0 || stream->held) {
    return;
  }
  if (stream->queued > self->queue_high && !stream->deaf) {
    self->backlog = 1;
    return;
  }
  size_t size = stream->unconsumed;
  stream->unconsumed = 0;
  nghttp2_session_consume_stream(self->session, stream->id, size);
}

static int bad_message(Connection *self, struct stream *stream, enum fault fault) {
  stream_deafen(self, stream);
  return emit_number(self, EVENT_BAD_MESSAGE, stream->id, fault);
}

/* Hands a whole message over; takes the reference. */
static int deliver(Connection *self, struct stream *stream, PyObject *message) {
  stream->prefix_size = 0;
  for (int kind = 0; kind < NOISE_KINDS; kind++) {
    self->noise[kind] -= self->noise[kind] > 0;
  }
  return message == NULL ? -1 : emit(self, EVENT_MESSAGE, stream->id, message);
}

/* Reads the length once the prefix is whole: returns 0 if the message may be put together. */
static int begin_message(Connection *self, struct stream *stream) {
  const uint8_t *prefix = stream->prefix;
  if (prefix[0] != 0) {
    bad_message(self, stream, FAULT_COMPRESSED);
    return -1;
  }
  stream->message_size = (size_t)prefix[1] << 24 | (size_t)prefix[2] << 16 |
                         (size_t)prefix[3] << 8 | prefix[4];
  stream->filled = 0;
  if (stream->message_size > self->message_limit) {
    bad_message(self, stream, FAULT_TOO_LARGE);
    return -1;
  }
  return 0;
}

/* Makes room for `size` more bytes of the message: returns 0, or -1 if there is none. */
static int make_room(Connection *self, struct stream *stream, size_t size) {
  size_t needed = stream->filled + size;
  if (needed <= stream->room) {
    return 0;
  }
  size_t room = needed < FIRST_ROOM ? FIRST_ROOM : 2 * needed;
  if (room > stream->message_size) {
    room = stream->message_size;
  }
  if (buffered_by_all - stream->room + room > self->buffered_limit) {
    bad_message(self, stream, FAULT_NO_ROOM);
    return -1;
  }
  PyObject *larger = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)room);
  if (larger == NULL) {
    self->failed = 1;
    return -1;
  }
  if (stream->message != NULL) {
    memcpy(PyBytes_AsString(larger), PyBytes_AsString(stream->message), stream->filled);
    Py_DECREF(stream->message);
  }
  count_in(self, room - stream->room);
  stream->message = larger;
  stream->room = room;
  return 0;
}

/* Takes what belongs to the message of `data`: returns how much that was. */
static size_t take_part(Connection *self, struct stream *stream, const uint8_t *data, size_t size) {
  size_t missing = stream->message_size - stream->filled;
  if (stream->message == NULL && size >= missing) { /* whole, in one piece */
    deliver(self, stream, PyBytes_FromStringAndSize((const char *)data, (Py_ssize_t)missing));
    return missing;
  }
  size_t part = size < missing ? size : missing;
  if (make_room(self, stream, part) != 0) {
    return size;
  }
  memcpy((uint8_t *)PyBytes_AsString(stream->message) + stream->filled, data, part);
  stream->filled += part;
  if (stream->filled == stream->message_size) {
    PyObject *message = stream->message;
    stream->message = NULL;
    count_out(self, stream->room);
    stream->filled = stream->room = 0;
    deliver(self, stream, message);
  }
  return part;
}

/* Takes one piece of DATA: returns 0, or -1 with a Python error set. */
int stream_receive(Connection *self, struct stream *stream, const uint8_t *data, size_t size) {
  while (!stream->deaf && !self->failed) {
    if (stream->prefix_size < PREFIX_BYTES) {
      if (size == 0) {
        break;
      }
      size_t part = PREFIX_BYTES - (size_t)stream->prefix_size;
      part = part < size ? part : size;
      memcpy(stream->prefix + stream->prefix_size, data, part);
      stream->prefix_size += (uint8_t)part;
      data += part;
      size -= part;
      if (stream->prefix_size < PREFIX_BYTES || begin_message(self, stream) != 0) {
        break;
      }
    }
    if (size == 0 && stream->filled < stream->message_size) {
      break;
    }
    size_t taken = take_part(self, stream, data, size);
    data += taken;
    size -= taken;
  }
  return self->failed ? -1 : 0;
}

/* The client has closed its side. */
int stream_end_of_data(Connection *self, struct stream *stream) {
  if (!stream->opened || stream->ending || (stream->deaf && !stream->refused)) {
    return 0;
  }
  if (stream->prefix_size != 0) {
    return bad_message(self, stream, FAULT_TRUNCATED);
  }
  return emit(self, EVENT_HALF_CLOSED, stream->id, Py_NewRef(Py_None));
}

static size_t copy_answer(struct answer *answer, uint8_t *into, size_t room) {
  uint8_t prefix[PREFIX_BYTES] = {0, (uint8_t)(answer->size >> 24), (uint8_t)(answer->size >> 16),
                                  (uint8_t)(answer->size >> 8), (uint8_t)answer->size};
  size_t written = 0;
  while (answer->sent < PREFIX_BYTES && written < room) {
    into[written++] = prefix[answer->sent++];
  }
  if (answer->sent >= PREFIX_BYTES) {
    size_t at = answer->sent - PREFIX_BYTES;
    size_t part = answer->size - at < room - written ? answer->size - at : room - written;
    memcpy(into + written, answer->data + at, part);
    answer->sent += part;
    written += part;
  }
  return written;
}

static int submit_trailers(Connection *self, struct stream *stream) {
  nghttp2_nv fields[MOST_FIELDS];
  size_t count = fields_fill(fields, MOST_FIELDS, stream->trailers);
  return nghttp2_submit_trailer(self->session, stream->id, fields, count);
}

/* nghttp2 asks for the next DATA frame of a stream. */
static ssize_t read_answers(nghttp2_session *Py_UNUSED(session), int32_t Py_UNUSED(id),
                            uint8_t *into, size_t room, uint32_t *flags,
                            nghttp2_data_source *source, void *user) {
  Connection *self = user;
  struct stream *stream = source->ptr;
  size_t written = 0;
  while (stream->first != NULL && written < room) {
    struct answer *answer = stream->first;
    written += copy_answer(answer, into + written, room - written);
    if (answer->sent == PREFIX_BYTES + answer->size) {
      drop_answer(self, stream);
    }
  }
  if (stream->first == NULL && stream->trailers != NULL) {
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    int error = submit_trailers(self, stream);
    return error != 0 ? NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE : (ssize_t)written;
  }
  if (written == 0) {
    stream->waiting = 1;
    return NGHTTP2_ERR_DEFERRED;
  }
  stream->answered = 1;
  return (ssize_t)written;
}

static int start_answering(Connection *self, struct stream *stream) {
  nghttp2_nv fields[MOST_FIELDS];
  size_t count = fields_fill(fields, MOST_FIELDS, self->answer_fields);
  nghttp2_data_provider provider = {.source = {.ptr = stream}, .read_callback = read_answers};
  stream->answering = 1;
  return nghttp2_submit_response(self->session, stream->id, fields, count, &provider);
}

static int go_on(Connection *self, struct stream *stream) {
  if (!stream->answering) {
    return start_answering(self, stream);
  }
  if (stream->waiting) {
    stream->waiting = 0;
    return nghttp2_session_resume_data(self->session, stream->id);
  }
  return 0;
}

/* Queues one message for the client: returns an nghttp2 error code. */
int stream_answer(Connection *self, struct stream *stream, PyObject *bytes) {
  struct answer *answer = malloc(sizeof *answer);
  if (answer == NULL) {
    return NGHTTP2_ERR_NOMEM;
  }
  answer->next = NULL;
  answer->bytes = Py_NewRef(bytes);
  answer->data = (const uint8_t *)PyBytes_AsString(bytes);
  answer->size = (size_t)PyBytes_Size(bytes);
  answer->sent = 0;
  if (stream->last != NULL) {
    stream->last->next = answer;
  } else {
    stream->first = answer;
  }
  stream->last = answer;
  stream->queued += answer->size + ANSWER_OVERHEAD;
  count_in(self, answer->size + ANSWER_OVERHEAD);
  return go_on(self, stream);
}

/* Ends the stream with `trailers` behind the answers: returns an nghttp2 error code. */
int stream_finish(Connection *self, struct stream *stream, PyObject *trailers) {
  stream->ending = 1;
  stream_deafen(self, stream);
  stream_consume(self, stream);
  if (stream->answering) {
    stream->trailers = Py_NewRef(trailers);
    return go_on(self, stream);
  }
  nghttp2_nv fields[2 * MOST_FIELDS];
  size_t count = fields_fill(fields, MOST_FIELDS, self->answer_fields);
  count += fields_fill(fields + count, MOST_FIELDS, trailers);
  stream->answering = 1;
  return nghttp2_submit_response(self->session, stream->id, fields, count, NULL);
}
