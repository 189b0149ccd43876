/* What libnghttp2 reports, turned into events; the checks of a gRPC request; counts of noise. */
#include "connection.h"

#include <string.h>

#define LONGEST_TIMEOUT_DIGITS 8

/* Appends one event; takes the reference to `payload`. Returns -1 with a Python error set. */
int emit(Connection *self, enum event_kind kind, int32_t stream, PyObject *payload) {
  PyObject *event = NULL;
  if (payload != NULL && self->events != NULL && !self->failed) {
    event = Py_BuildValue("(iiN)", (int)kind, (int)stream, payload);
  } else {
    Py_XDECREF(payload);
  }
  if (event == NULL || PyList_Append(self->events, event) != 0) {
    self->failed = 1;
  }
  Py_XDECREF(event);
  return self->failed ? -1 : 0;
}

int emit_number(Connection *self, enum event_kind kind, int32_t stream, long payload) {
  return emit(self, kind, stream, PyLong_FromLong(payload));
}

/* Counts a frame that moves nothing; tells when its budget is spent. */
int note_noise(Connection *self, enum noise kind) {
  self->noise_total[kind]++;
  if (++self->noise[kind] < self->budgets[kind]) {
    return 0;
  }
  self->noise[kind] = 0;
  return emit_number(self, EVENT_NOISE, 0, (long)kind);
}

static struct stream *find(nghttp2_session *session, int32_t id) {
  return nghttp2_session_get_stream_user_data(session, id);
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) {
    return 0;
  }
  struct stream *stream = stream_new(user, frame->hd.stream_id);
  if (stream == NULL) {
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
  nghttp2_session_set_stream_user_data(session, stream->id, stream);
  return 0;
}

static int same(const uint8_t *data, size_t size, const char *text) {
  return size == strlen(text) && memcmp(data, text, size) == 0;
}

/* Any of application/grpc, application/grpc+x, application/grpc;x. */
static int is_grpc_type(const uint8_t *value, size_t size) {
  static const char type[] = "application/grpc";
  size_t length = sizeof type - 1;
  return size >= length && memcmp(value, type, length) == 0 &&
         (size == length || value[length] == '+' || value[length] == ';');
}

/* Returns the milliseconds of a grpc-timeout, rounded up, or -1 for what is none. */
static int64_t read_timeout(const uint8_t *value, size_t size) {
  if (size < 2 || size > LONGEST_TIMEOUT_DIGITS + 1) {
    return -1;
  }
  int64_t number = 0;
  for (size_t at = 0; at + 1 < size; at++) {
    if (value[at] < '0' || value[at] > '9') {
      return -1;
    }
    number = 10 * number + (value[at] - '0');
  }
  switch (value[size - 1]) {
  case 'H': return number * 3600000;
  case 'M': return number * 60000;
  case 'S': return number * 1000;
  case 'm': return number;
  case 'u': return (number + 999) / 1000;
  case 'n': return (number + 999999) / 1000000;
  default: return -1;
  }
}

static void read_field(Connection *self, struct stream *stream, const uint8_t *name,
                       size_t name_size, const uint8_t *value, size_t size) {
  if (same(name, name_size, ":method")) {
    stream->has_method = same(value, size, "POST");
  } else if (same(name, name_size, ":path")) {
    stream->has_path = size == (size_t)PyBytes_Size(self->path) &&
                       memcmp(value, PyBytes_AsString(self->path), size) == 0;
  } else if (same(name, name_size, "content-type")) {
    stream->has_type = is_grpc_type(value, size);
  } else if (same(name, name_size, "te")) {
    stream->has_te = same(value, size, "trailers");
  } else if (same(name, name_size, "grpc-timeout")) {
    stream->timeout_ms = read_timeout(value, size);
  }
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_size, const uint8_t *value, size_t size,
                     uint8_t Py_UNUSED(flags), void *user) {
  Connection *self = user;
  struct stream *stream = find(session, frame->hd.stream_id);
  if (stream == NULL) {
    return 0;
  }
  stream->header_bytes += name_size + size + 32; /* as RFC 9113 section 6.5.2 counts */
  if (stream->header_bytes > self->header_limit) {
    note_noise(self, NOISE_HEADERS);
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  if (!stream->opened) {
    read_field(self, stream, name, name_size, value, size);
  }
  return 0;
}

static int open_stream(Connection *self, struct stream *stream) {
  stream->opened = 1;
  int refusal = !stream->has_method ? REFUSED_METHOD
                : !stream->has_type ? REFUSED_TYPE
                : !stream->has_te   ? REFUSED_TE
                : !stream->has_path ? REFUSED_PATH
                                    : -1;
  if (refusal < 0) {
    return emit_number(self, EVENT_OPENED, stream->id, (long)stream->timeout_ms);
  }
  stream->deaf = stream->refused = 1;
  note_noise(self, NOISE_REFUSED);
  return emit_number(self, EVENT_REFUSED, stream->id, refusal);
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
  Connection *self = user;
  struct stream *stream = NULL;
  switch (frame->hd.type) {
  case NGHTTP2_HEADERS:
    stream = find(session, frame->hd.stream_id);
    if (stream != NULL && !stream->opened && open_stream(self, stream) != 0) {
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    break;
  case NGHTTP2_DATA:
    stream = find(session, frame->hd.stream_id);
    if (frame->hd.length == 0 && !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) {
      note_noise(self, NOISE_EMPTY);
    }
    break;
  case NGHTTP2_PING:
    if (frame->hd.flags & NGHTTP2_FLAG_ACK) {
      emit(self, EVENT_PONG, 0, Py_NewRef(Py_None));
    } else {
      note_noise(self, NOISE_PING);
    }
    break;
  case NGHTTP2_SETTINGS:
    note_noise(self, NOISE_SETTINGS);
    break;
  case NGHTTP2_WINDOW_UPDATE:
    note_noise(self, NOISE_WINDOW);
    break;
  case NGHTTP2_PRIORITY:
    note_noise(self, NOISE_PRIORITY);
    break;
  default:
    break;
  }
  if (stream != NULL && frame->hd.flags & NGHTTP2_FLAG_END_STREAM) {
    stream_end_of_data(self, stream);
  }
  return self->failed ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static int on_data(nghttp2_session *session, uint8_t Py_UNUSED(flags), int32_t id,
                   const uint8_t *data, size_t size, void *user) {
  Connection *self = user;
  struct stream *stream = find(session, id);
  /* The connection's window is for all; a slow stream is slowed down by its own. */
  nghttp2_session_consume_connection(session, size);
  if (stream == NULL) {
    return 0;
  }
  stream->unconsumed += size;
  if (stream_receive(self, stream, data, size) != 0) {
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
  stream_consume(self, stream);
  return 0;
}

static int on_stream_close(nghttp2_session *Py_UNUSED(session), int32_t id, uint32_t error,
                           void *user) {
  Connection *self = user;
  struct stream *stream = find(self->session, id);
  if (stream == NULL) {
    return 0;
  }
  if (error != NGHTTP2_NO_ERROR && stream->opened && !stream->answered) {
    note_noise(self, NOISE_RESET);
  }
  if (stream->opened && !stream->ending && self->events != NULL) {
    emit_number(self, EVENT_CLOSED, id, (long)error);
  }
  nghttp2_session_set_stream_user_data(self->session, id, NULL);
  stream_free(self, stream);
  return 0;
}

static int on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
  Connection *self = user;
  if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR &&
      self->events != NULL) { /* nghttp2 gave the connection up */
    emit_number(self, EVENT_BROKEN, 0, (long)frame->goaway.error_code);
    return self->failed ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
  }
  /* Our trailers are out: a client that still sends is told to stop (RFC 9113 section 8.1). */
  if (frame->hd.type == NGHTTP2_HEADERS && frame->hd.flags & NGHTTP2_FLAG_END_STREAM &&
      nghttp2_session_get_stream_remote_close(session, frame->hd.stream_id) == 0) {
    nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
  }
  return 0;
}

int callbacks_set(nghttp2_session_callbacks *callbacks) {
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
  return 0;
}
