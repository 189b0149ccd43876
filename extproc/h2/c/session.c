/* The nghttp2 session of one connection: how it is set up, fed and emptied. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

/* Resets are the normal end of Envoy's streams, so nghttp2's own limit on them would close healthy
 * connections; the ones that cost us something are counted by NOISE_RESET. */
#define NO_RESET_LIMIT (UINT64_C(1) << 40)
#define MOST_CONTINUATIONS 8
#define OUT_AT_ONCE (1u << 20)
#define OUT_KEPT (1u << 16)

static int new_session(Connection *self) {
  nghttp2_session_callbacks *callbacks = NULL;
  nghttp2_option *option = NULL;
  int error = nghttp2_session_callbacks_new(&callbacks);
  if (error == 0) {
    error = nghttp2_option_new(&option);
  }
  if (error == 0) {
    callbacks_set(callbacks);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_max_continuations(option, MOST_CONTINUATIONS);
    nghttp2_option_set_stream_reset_rate_limit(option, NO_RESET_LIMIT, NO_RESET_LIMIT);
    error = nghttp2_session_server_new2(&self->session, callbacks, self, option);
  }
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  return error;
}

/* Returns an nghttp2 error code. */
int session_start(Connection *self) {
  nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, (uint32_t)self->stream_limit},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, (uint32_t)self->stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)self->header_limit},
  };
  int error = new_session(self);
  if (error == 0) {
    error = nghttp2_submit_settings(self->session, NGHTTP2_FLAG_NONE, settings,
                                    sizeof settings / sizeof settings[0]);
  }
  if (error == 0) {
    error = nghttp2_session_set_local_window_size(self->session, NGHTTP2_FLAG_NONE, 0,
                                                  (int32_t)self->connection_window);
  }
  return error;
}

/* Feeds what was read; events go to self->events. Returns an nghttp2 error code. */
int session_feed(Connection *self, const uint8_t *data, size_t size) {
  ssize_t read = nghttp2_session_mem_recv(self->session, data, size);
  return read < 0 ? (int)read : 0;
}

static int grow(Connection *self, size_t size) {
  size_t needed = self->out_size + size;
  if (needed <= self->out_room) {
    return 0;
  }
  size_t room = needed < OUT_KEPT / 2 ? OUT_KEPT / 2 : 2 * needed;
  uint8_t *out = realloc(self->out, room);
  if (out == NULL) {
    return NGHTTP2_ERR_NOMEM;
  }
  self->out = out;
  self->out_room = room;
  return 0;
}

static void give_windows_back(Connection *self) {
  self->backlog = 0;
  for (struct stream *stream = self->streams; stream != NULL; stream = stream->next) {
    stream_consume(self, stream); /* sets backlog again where it must wait on */
  }
}

/* Puts what is to be sent behind self->out, up to OUT_AT_ONCE. Returns an nghttp2 error code. */
int session_collect(Connection *self) {
  int had_backlog = self->backlog;
  while (self->out_size < OUT_AT_ONCE) {
    const uint8_t *data = NULL;
    ssize_t size = nghttp2_session_mem_send(self->session, &data);
    if (size < 0) {
      return (int)size;
    }
    if (size == 0) {
      if (!had_backlog) {
        return 0;
      }
      had_backlog = 0;
      give_windows_back(self);
      continue;
    }
    int error = grow(self, (size_t)size);
    if (error != 0) {
      return error;
    }
    memcpy(self->out + self->out_size, data, (size_t)size);
    self->out_size += (size_t)size;
  }
  return 0;
}
