/* Header fields from Python: tuples of pairs of bytes, checked once, borrowed while they are sent. */
#include "connection.h"

static int pair_check(PyObject *pair) {
  if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 2) {
    return -1;
  }
  PyObject *name = PyTuple_GetItem(pair, 0), *value = PyTuple_GetItem(pair, 1);
  return PyBytes_Check(name) && PyBytes_Check(value) ? 0 : -1;
}

/* Sets TypeError unless `fields` is a tuple of at most MOST_FIELDS pairs of bytes. */
int fields_check(PyObject *fields) {
  Py_ssize_t count = PyTuple_Check(fields) ? PyTuple_Size(fields) : -1;
  if (count >= 0 && count <= MOST_FIELDS) {
    Py_ssize_t at = 0;
    while (at < count && pair_check(PyTuple_GetItem(fields, at)) == 0) {
      at++;
    }
    if (at == count) {
      return 0;
    }
  }
  PyErr_SetString(PyExc_TypeError, "fields must be a short tuple of pairs of bytes");
  return -1;
}

/* Returns how many were filled in; they point into `fields`, and nghttp2 copies them at submission. */
size_t fields_fill(nghttp2_nv *into, size_t room, PyObject *fields) {
  size_t count = (size_t)PyTuple_Size(fields);
  if (count > room) {
    count = room;
  }
  for (size_t at = 0; at < count; at++) {
    PyObject *pair = PyTuple_GetItem(fields, (Py_ssize_t)at);
    PyObject *name = PyTuple_GetItem(pair, 0), *value = PyTuple_GetItem(pair, 1);
    into[at].name = (uint8_t *)PyBytes_AsString(name);
    into[at].namelen = (size_t)PyBytes_Size(name);
    into[at].value = (uint8_t *)PyBytes_AsString(value);
    into[at].valuelen = (size_t)PyBytes_Size(value);
    into[at].flags = NGHTTP2_NV_FLAG_NONE;
  }
  return count;
}
