/* Reads the messages that Envoy sends all day, without a protobuf library.
 *
 * read_request(bytes) returns what a plain ProcessingRequest reports as
 * (arm, end_of_stream, content, modes, attributes): `arm` is the field number of the oneof, `content`
 * a list of (name, value) pairs for header fields and trailers and bytes for a body, `modes` the body
 * modes of protocol_config as request | response << 4 | without_waiting << 8, -1 where there is none,
 * `attributes` whether attributes came along. For everything else it returns None: for a field that
 * is not listed here, two oneofs, a name outside ASCII, lengths that do not fit. Then the real parser
 * decides, so nothing is refused here. Attributes are not looked into: who asks for one parses them.
 *
 * Source: envoy/service/ext_proc/v3/external_processor.proto, config/core/v3/base.proto;
 * https://protobuf.dev/programming-guides/encoding/.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

enum { VARINT = 0, BYTES = 2 };
enum { REQUEST_HEADERS = 2, RESPONSE_HEADERS, REQUEST_BODY, RESPONSE_BODY, REQUEST_TRAILERS,
       RESPONSE_TRAILERS, METADATA_CONTEXT, ATTRIBUTES, OBSERVABILITY_MODE, PROTOCOL_CONFIG };
#define NO_MODES (-1)
#define MOST_MODE 15

struct span {
  const uint8_t *at, *end;
};

struct field {
  unsigned number, type;
  uint64_t value;   /* of a varint */
  struct span data; /* of bytes */
};

static int read_varint(struct span *from, uint64_t *value) {
  uint64_t read = 0;
  for (unsigned shift = 0; shift < 64 && from->at < from->end; shift += 7) {
    uint8_t byte = *from->at++;
    read |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) {
      *value = read;
      return 0;
    }
  }
  return -1;
}

/* Reads the next field: returns 1, 0 at the end, -1 for what is not plain. */
static int next_field(struct span *from, struct field *field) {
  uint64_t tag;
  if (from->at == from->end) {
    return 0;
  }
  if (read_varint(from, &tag) != 0 || tag >> 3 == 0 || tag >> 3 > 64) {
    return -1;
  }
  field->number = (unsigned)(tag >> 3);
  field->type = (unsigned)(tag & 7);
  if (read_varint(from, &field->value) != 0) {
    return -1;
  }
  if (field->type == VARINT) {
    return 1;
  }
  if (field->type != BYTES || field->value > (uint64_t)(from->end - from->at)) {
    return -1;
  }
  field->data.at = from->at;
  field->data.end = from->at += field->value;
  return 1;
}

static int is_ascii(struct span text) {
  for (; text.at < text.end; text.at++) {
    if (*text.at >= 0x80) {
      return 0;
    }
  }
  return 1;
}

static PyObject *as_bytes(struct span data) {
  return PyBytes_FromStringAndSize((const char *)data.at, data.end - data.at);
}

/* HeaderValue: key = 1, raw_value = 3. Appends a pair: returns 0, or -1. */
static int read_pair(struct span from, PyObject *pairs) {
  struct span key = {NULL, NULL}, value = {from.at, from.at};
  struct field field;
  int more;
  while ((more = next_field(&from, &field)) > 0) {
    if (field.type != BYTES || (field.number != 1 && field.number != 3)) {
      return -1;
    }
    if (field.number == 1 && !is_ascii(field.data)) {
      return -1; /* may be no UTF-8, also where another key takes its place */
    }
    *(field.number == 1 ? &key : &value) = field.data;
  }
  if (more < 0 || key.at == NULL) {
    return -1;
  }
  PyObject *pair = Py_BuildValue("(NN)", as_bytes(key), as_bytes(value));
  int failed = pair == NULL || PyList_Append(pairs, pair) != 0;
  Py_XDECREF(pair);
  return failed ? -1 : 0;
}

/* HeaderMap: headers = 1. */
static int read_map(struct span from, PyObject *pairs) {
  struct field field;
  int more;
  while ((more = next_field(&from, &field)) > 0) {
    if (field.type != BYTES || field.number != 1 || read_pair(field.data, pairs) != 0) {
      return -1;
    }
  }
  return more;
}

/* HttpHeaders: headers = 1, end_of_stream = 3. HttpTrailers: trailers = 1. */
static int read_fields(struct span from, PyObject *pairs, int *end_of_stream) {
  struct field field;
  int more, maps = 0;
  while ((more = next_field(&from, &field)) > 0) {
    if (field.number == 1 && field.type == BYTES && maps++ == 0) {
      if (read_map(field.data, pairs) != 0) {
        return -1;
      }
    } else if (field.number == 3 && field.type == VARINT && end_of_stream != NULL) {
      *end_of_stream = field.value != 0;
    } else {
      return -1;
    }
  }
  return more;
}

/* HttpBody: body = 1, end_of_stream = 2. */
static int read_body(struct span from, struct span *body, int *end_of_stream) {
  struct field field;
  int more;
  body->at = body->end = from.at;
  while ((more = next_field(&from, &field)) > 0) {
    if (field.number == 1 && field.type == BYTES) {
      *body = field.data;
    } else if (field.number == 2 && field.type == VARINT) {
      *end_of_stream = field.value != 0;
    } else {
      return -1;
    }
  }
  return more;
}

/* ProtocolConfiguration: request_body_mode = 1, response_body_mode = 2, without waiting = 3. */
static int read_modes(struct span from, long *modes) {
  struct field field;
  uint64_t read[4] = {0, 0, 0, 0};
  int more;
  while ((more = next_field(&from, &field)) > 0) {
    if (field.type != VARINT || field.number > 3 || field.value > MOST_MODE) {
      return -1;
    }
    read[field.number] = field.value;
  }
  *modes = (long)(read[1] | read[2] << 4 | (uint64_t)(read[3] != 0) << 8);
  return more;
}

static PyObject *read_arm(const struct field *arm, int *end_of_stream) {
  struct span body;
  if (arm->number == REQUEST_BODY || arm->number == RESPONSE_BODY) {
    return read_body(arm->data, &body, end_of_stream) == 0 ? as_bytes(body) : NULL;
  }
  int is_trailers = arm->number == REQUEST_TRAILERS || arm->number == RESPONSE_TRAILERS;
  PyObject *pairs = PyList_New(0);
  if (pairs != NULL && read_fields(arm->data, pairs, is_trailers ? NULL : end_of_stream) != 0) {
    Py_CLEAR(pairs);
  }
  return pairs;
}

/* Finds the parts of the message: returns 0 for a plain one. */
static int find_parts(struct span from, struct field *arm, long *modes, int *attributes) {
  struct field field;
  int more, configs = 0;
  while ((more = next_field(&from, &field)) > 0) {
    if (field.type != BYTES) {
      return -1;
    }
    if (field.number >= REQUEST_HEADERS && field.number <= RESPONSE_TRAILERS && arm->number == 0) {
      *arm = field;
    } else if (field.number == PROTOCOL_CONFIG && configs++ == 0) {
      if (read_modes(field.data, modes) != 0) {
        return -1;
      }
    } else if (field.number == ATTRIBUTES) {
      *attributes = 1;
    } else if (field.number != METADATA_CONTEXT || field.value != 0) {
      return -1;
    }
  }
  return more < 0 || arm->number == 0 ? -1 : 0;
}

static PyObject *read_request(PyObject *Py_UNUSED(module), PyObject *raw) {
  char *start;
  Py_ssize_t size;
  if (PyBytes_AsStringAndSize(raw, &start, &size) != 0) {
    return NULL;
  }
  struct span whole = {(const uint8_t *)start, (const uint8_t *)start + size};
  struct field arm = {0};
  long modes = NO_MODES;
  int attributes = 0, end_of_stream = 0;
  PyObject *content = NULL;
  if (find_parts(whole, &arm, &modes, &attributes) == 0) {
    content = read_arm(&arm, &end_of_stream);
  }
  if (content == NULL) {
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
  }
  return Py_BuildValue("(iONlO)", (int)arm.number, end_of_stream ? Py_True : Py_False, content,
                       modes, attributes ? Py_True : Py_False);
}

static PyMethodDef functions[] = {
    {"read_request", read_request, METH_O, "What a plain ProcessingRequest reports, else None."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_request_reader", "Plain ProcessingRequests, read in C.", -1, functions,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__request_reader(void) {
  return PyModule_Create(&definition);
}
