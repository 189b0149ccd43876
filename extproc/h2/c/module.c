/* The Python class: arguments checked, one method a thing that a connection can be told. */
#include "connection.h"

#include <stdlib.h>

#define OUT_KEPT (1u << 16)

static PyObject *broken(int error) {
  if (!PyErr_Occurred()) {
    if (error == NGHTTP2_ERR_NOMEM) {
      return PyErr_NoMemory();
    }
    PyErr_Format(PyExc_RuntimeError, "nghttp2 error %d", error);
  }
  return NULL;
}

static PyObject *connection_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
  static char *names[] = {"path",           "answer_fields",     "message_bytes",  "header_bytes",
                          "buffered_bytes", "queued_bytes",      "streams",        "stream_window",
                          "connection_window", "budgets",        NULL};
  PyObject *path, *fields, *budgets;
  Py_ssize_t message, header, buffered, queued, streams, stream_window, connection_window;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "$SO!nnnnnnnO!", names, &path,
                                   &PyTuple_Type, &fields, &message, &header, &buffered, &queued,
                                   &streams, &stream_window, &connection_window, &PyTuple_Type,
                                   &budgets) ||
      fields_check(fields) != 0) {
    return NULL;
  }
  if (message < 0 || header < 0 || buffered < 0 || queued < 0 || streams < 0 ||
      stream_window < 0 || stream_window > INT32_MAX || connection_window < 0 ||
      connection_window > INT32_MAX || PyTuple_Size(budgets) != NOISE_KINDS) {
    PyErr_SetString(PyExc_ValueError, "a limit is out of range");
    return NULL;
  }
  allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
  Connection *self = (Connection *)allocate(type, 0);
  if (self == NULL) {
    return NULL;
  }
  self->path = Py_NewRef(path);
  self->answer_fields = Py_NewRef(fields);
  self->message_limit = (size_t)message;
  self->header_limit = (size_t)header;
  self->buffered_limit = (size_t)buffered;
  self->queue_high = (size_t)queued;
  self->stream_limit = (size_t)streams;
  self->stream_window = (size_t)stream_window;
  self->connection_window = (size_t)connection_window;
  for (int kind = 0; kind < NOISE_KINDS; kind++) {
    self->budgets[kind] = (uint32_t)PyLong_AsUnsignedLong(PyTuple_GetItem(budgets, kind));
  }
  int error = PyErr_Occurred() ? NGHTTP2_ERR_INVALID_ARGUMENT : session_start(self);
  if (error != 0) {
    Py_DECREF(self);
    return broken(error);
  }
  return (PyObject *)self;
}

static void connection_dealloc(PyObject *object) {
  Connection *self = (Connection *)object;
  PyTypeObject *type = Py_TYPE(object);
  nghttp2_session_del(self->session); /* calls nothing back */
  while (self->streams != NULL) {
    stream_free(self, self->streams);
  }
  free(self->out);
  Py_XDECREF(self->events);
  Py_XDECREF(self->path);
  Py_XDECREF(self->answer_fields);
  ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
  Py_DECREF(type);
}

static int feed_buffer(Connection *self, PyObject *source, Py_ssize_t size) {
  Py_buffer view;
  if (PyObject_GetBuffer(source, &view, PyBUF_SIMPLE) != 0) {
    return NGHTTP2_ERR_CALLBACK_FAILURE;
  }
  int error = NGHTTP2_ERR_INVALID_ARGUMENT;
  if (size < 0 || size > view.len) {
    PyErr_SetString(PyExc_ValueError, "more bytes than the buffer holds");
  } else {
    error = session_feed(self, view.buf, (size_t)size);
    if (error == 0) {
      error = session_collect(self); /* resets by nghttp2 itself become events here */
    }
  }
  PyBuffer_Release(&view);
  return error;
}

PyDoc_STRVAR(receive_doc, "receive(buffer, size) -> list of (kind, stream, payload)");
static PyObject *connection_receive(PyObject *object, PyObject *const *arguments,
                                    Py_ssize_t count) {
  Connection *self = (Connection *)object;
  if (count != 2 || self->events != NULL) {
    PyErr_SetString(PyExc_TypeError, "receive takes a buffer and a size");
    return NULL;
  }
  Py_ssize_t size = PyLong_AsSsize_t(arguments[1]);
  if (size == -1 && PyErr_Occurred()) {
    return NULL;
  }
  PyObject *events = self->events = PyList_New(0);
  if (events == NULL) {
    return NULL;
  }
  int error = self->dead || self->closing ? 0 : feed_buffer(self, arguments[0], size);
  if (error != 0) {
    self->dead = 1;
    if (error != NGHTTP2_ERR_NOMEM && !self->failed && !PyErr_Occurred()) {
      emit_number(self, EVENT_BROKEN, 0, error);
      error = 0;
    }
  }
  self->events = NULL;
  if (error != 0 || self->failed) {
    Py_DECREF(events);
    return broken(NGHTTP2_ERR_NOMEM);
  }
  return events;
}

PyDoc_STRVAR(take_doc, "take() -> bytes to send now, empty if there are none");
static PyObject *connection_take(PyObject *object, PyObject *Py_UNUSED(none)) {
  Connection *self = (Connection *)object;
  int error = self->dead ? 0 : session_collect(self);
  if (error != 0) {
    self->dead = 1;
    return broken(error);
  }
  PyObject *taken = PyBytes_FromStringAndSize((const char *)self->out, (Py_ssize_t)self->out_size);
  self->out_size = 0;
  if (self->out_room > OUT_KEPT) {
    free(self->out);
    self->out = NULL;
    self->out_room = 0;
  }
  return taken;
}

/* Reads the stream number; NULL without an error set if there is no such stream any more. */
static struct stream *stream_of(Connection *self, PyObject *number) {
  long id = PyLong_AsLong(number);
  if (id <= 0 || id > INT32_MAX || self->dead) {
    return NULL;
  }
  return nghttp2_session_get_stream_user_data(self->session, (int32_t)id);
}

static PyObject *done(int error) {
  if (error != 0 && nghttp2_is_fatal(error)) {
    return broken(error);
  }
  return Py_NewRef(Py_None);
}

PyDoc_STRVAR(answer_doc, "answer(stream, message) -> False if too much waits to be sent already");
static PyObject *connection_answer(PyObject *object, PyObject *const *arguments,
                                   Py_ssize_t count) {
  Connection *self = (Connection *)object;
  if (count != 2 || !PyBytes_Check(arguments[1])) {
    PyErr_SetString(PyExc_TypeError, "answer takes a stream and bytes");
    return NULL;
  }
  struct stream *stream = stream_of(self, arguments[0]);
  if (stream == NULL || stream->ending) {
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_True);
  }
  if (stream->queued > self->message_limit || buffered_by_all > self->buffered_limit) {
    return Py_NewRef(Py_False);
  }
  int error = stream_answer(self, stream, arguments[1]);
  return error == 0 || !nghttp2_is_fatal(error) ? Py_NewRef(Py_True) : broken(error);
}

PyDoc_STRVAR(finish_doc, "finish(stream, trailers): end it behind its answers");
static PyObject *connection_finish(PyObject *object, PyObject *const *arguments,
                                   Py_ssize_t count) {
  Connection *self = (Connection *)object;
  if (count != 2 || fields_check(arguments[1]) != 0) {
    PyErr_SetString(PyExc_TypeError, "finish takes a stream and fields");
    return NULL;
  }
  struct stream *stream = stream_of(self, arguments[0]);
  if (stream == NULL || stream->ending) {
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
  }
  return done(stream_finish(self, stream, arguments[1]));
}

PyDoc_STRVAR(respond_doc, "respond(stream, fields): end it with these header fields alone");
static PyObject *connection_respond(PyObject *object, PyObject *const *arguments,
                                    Py_ssize_t count) {
  Connection *self = (Connection *)object;
  if (count != 2 || fields_check(arguments[1]) != 0) {
    PyErr_SetString(PyExc_TypeError, "respond takes a stream and fields");
    return NULL;
  }
  struct stream *stream = stream_of(self, arguments[0]);
  if (stream == NULL || stream->ending || stream->answering) {
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
  }
  nghttp2_nv fields[MOST_FIELDS];
  size_t number = fields_fill(fields, MOST_FIELDS, arguments[1]);
  stream->ending = stream->answering = 1;
  stream_deafen(self, stream);
  stream_consume(self, stream);
  return done(nghttp2_submit_response(self->session, stream->id, fields, number, NULL));
}

PyDoc_STRVAR(reset_doc, "reset(stream, code): end it at once, whatever waits to be sent");
static PyObject *connection_reset(PyObject *object, PyObject *const *arguments, Py_ssize_t count) {
  Connection *self = (Connection *)object;
  long code = count == 2 ? PyLong_AsLong(arguments[1]) : -1;
  if (code < 0) {
    PyErr_SetString(PyExc_TypeError, "reset takes a stream and a code");
    return NULL;
  }
  struct stream *stream = stream_of(self, arguments[0]);
  if (stream == NULL) {
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
  }
  stream->ending = 1;
  stream_deafen(self, stream);
  return done(nghttp2_submit_rst_stream(self->session, NGHTTP2_FLAG_NONE, stream->id,
                                        (uint32_t)code));
}

PyDoc_STRVAR(hold_doc, "hold(stream): give its client no more window until release(stream)");
static PyObject *connection_hold(PyObject *object, PyObject *number) {
  struct stream *stream = stream_of((Connection *)object, number);
  if (stream != NULL && !stream->deaf) {
    stream->held = 1;
  }
  return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(release_doc, "release(stream): undo hold(stream)");
static PyObject *connection_release(PyObject *object, PyObject *number) {
  Connection *self = (Connection *)object;
  struct stream *stream = stream_of(self, number);
  if (stream != NULL) {
    stream->held = 0;
    stream_consume(self, stream);
  }
  return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(ping_doc, "ping(): ask for an EVENT_PONG");
static PyObject *connection_ping(PyObject *object, PyObject *Py_UNUSED(none)) {
  return done(nghttp2_submit_ping(((Connection *)object)->session, NGHTTP2_FLAG_NONE, NULL));
}

PyDoc_STRVAR(warn_doc, "warn(): first GOAWAY; streams already on their way are still taken");
static PyObject *connection_warn(PyObject *object, PyObject *Py_UNUSED(none)) {
  return done(nghttp2_submit_shutdown_notice(((Connection *)object)->session));
}

PyDoc_STRVAR(leave_doc, "leave(): second GOAWAY; no new stream is taken");
static PyObject *connection_leave(PyObject *object, PyObject *Py_UNUSED(none)) {
  nghttp2_session *session = ((Connection *)object)->session;
  int32_t last = nghttp2_session_get_last_proc_stream_id(session);
  return done(nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, NULL, 0));
}

PyDoc_STRVAR(terminate_doc, "terminate(code): GOAWAY, then nothing is read any more");
static PyObject *connection_terminate(PyObject *object, PyObject *number) {
  long code = PyLong_AsLong(number);
  if (code < 0) {
    return PyErr_Occurred() ? NULL : broken(NGHTTP2_ERR_INVALID_ARGUMENT);
  }
  Connection *self = (Connection *)object;
  self->closing = 1; /* nghttp2 may still look at frames, and what would be the use of that */
  return done(nghttp2_session_terminate_session(self->session, (uint32_t)code));
}

PyDoc_STRVAR(sweep_doc,
             "sweep() -> how many streams were reset whose end the client did not take since the "
             "last sweep");
static PyObject *connection_sweep(PyObject *object, PyObject *Py_UNUSED(none)) {
  Connection *self = (Connection *)object;
  long count = 0;
  for (struct stream *stream = self->streams; stream != NULL; stream = stream->next) {
    if (stream->ending && stream->marked && !self->dead) {
      nghttp2_submit_rst_stream(self->session, NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_CANCEL);
      count++;
    }
    stream->marked = stream->ending;
  }
  return PyLong_FromLong(count);
}

PyDoc_STRVAR(over_doc, "over() -> whether neither side has anything left to say");
static PyObject *connection_over(PyObject *object, PyObject *Py_UNUSED(none)) {
  Connection *self = (Connection *)object;
  int open = !self->dead && (nghttp2_session_want_read(self->session) ||
                             nghttp2_session_want_write(self->session));
  return PyBool_FromLong(!open);
}

PyDoc_STRVAR(noise_doc, "noise() -> how many frames of each kind of noise have come in all");
static PyObject *connection_noise(PyObject *object, PyObject *Py_UNUSED(none)) {
  Connection *self = (Connection *)object;
  PyObject *counts = PyTuple_New(NOISE_KINDS);
  for (int kind = 0; counts != NULL && kind < NOISE_KINDS; kind++) {
    PyObject *count = PyLong_FromUnsignedLongLong(self->noise_total[kind]);
    if (count == NULL) {
      Py_CLEAR(counts);
    } else {
      PyTuple_SetItem(counts, kind, count);
    }
  }
  return counts;
}

PyDoc_STRVAR(usage_doc, "usage() -> (streams known here, bytes waiting in them)");
static PyObject *connection_usage(PyObject *object, PyObject *Py_UNUSED(none)) {
  Connection *self = (Connection *)object;
  return Py_BuildValue("(nn)", (Py_ssize_t)self->stream_count, (Py_ssize_t)self->buffered);
}

#define FAST(name) {#name, (PyCFunction)(void (*)(void))connection_##name, METH_FASTCALL, name##_doc}
#define BARE(name) {#name, connection_##name, METH_NOARGS, name##_doc}
#define ONE(name) {#name, connection_##name, METH_O, name##_doc}
static PyMethodDef methods[] = {
    FAST(receive), FAST(answer), FAST(finish),    FAST(respond), FAST(reset),
    BARE(take),    BARE(ping),   BARE(warn),      BARE(leave),   BARE(sweep), BARE(over),
    BARE(noise),   BARE(usage),  ONE(hold),       ONE(release),  ONE(terminate),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "One HTTP/2 connection of a gRPC server. For one thread."},
    {Py_tp_new, (void *)connection_new},
    {Py_tp_dealloc, (void *)connection_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};
static PyType_Spec spec = {"extproc.h2._nghttp2.Connection", sizeof(Connection), 0,
                           Py_TPFLAGS_DEFAULT, slots};

static PyObject *version(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(none)) {
  return PyUnicode_FromString(nghttp2_version(0)->version_str);
}

static PyMethodDef functions[] = {
    {"version", version, METH_NOARGS, "version() -> the version of libnghttp2 in use"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_nghttp2", "HTTP/2 for gRPC, by libnghttp2.", -1, functions,
    NULL, NULL, NULL, NULL,
};

#define NUMBER(name) {#name, name}
static const struct {
  const char *name;
  int value;
} numbers[] = {
    NUMBER(EVENT_OPENED),      NUMBER(EVENT_REFUSED), NUMBER(EVENT_MESSAGE),
    NUMBER(EVENT_BAD_MESSAGE), NUMBER(EVENT_CLOSED),  NUMBER(EVENT_HALF_CLOSED),
    NUMBER(EVENT_NOISE),       NUMBER(EVENT_PONG),    NUMBER(EVENT_BROKEN),
    NUMBER(REFUSED_METHOD),    NUMBER(REFUSED_TYPE),  NUMBER(REFUSED_TE),
    NUMBER(REFUSED_PATH),      NUMBER(FAULT_COMPRESSED), NUMBER(FAULT_TOO_LARGE),
    NUMBER(FAULT_TRUNCATED),   NUMBER(FAULT_NO_ROOM),
};

static int add_numbers(PyObject *module) {
  int failed = 0;
  for (size_t at = 0; at < sizeof numbers / sizeof numbers[0] && !failed; at++) {
    failed = PyModule_AddIntConstant(module, numbers[at].name, numbers[at].value);
  }
  return failed;
}

PyMODINIT_FUNC PyInit__nghttp2(void) {
  PyObject *module = PyModule_Create(&definition);
  PyObject *type = module == NULL ? NULL : PyType_FromSpec(&spec);
  if (type == NULL || PyModule_AddObjectRef(module, "Connection", type) != 0 ||
      add_numbers(module) != 0) {
    Py_XDECREF(type);
    Py_XDECREF(module);
    return NULL;
  }
  Py_DECREF(type);
  return module;
}
