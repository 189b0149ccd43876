/* Undoes the escapes of JSON strings and of percent signs, one pass over a text each.
 *
 * The same as the expressions in json_escape.py and percent.py do, which are what counts: tests hold
 * the two against each other, and where this is not built those run. Each function takes bytes and
 * gives bytes. No character is longer than its escape, so a text is changed in place, in a copy.
 *
 *   blank(text)    short escapes of JSON, and the first of two backslashes, as blanks; \/ as 1, 2
 *   deep(text)     \u and \/ behind 2 to 16 backslashes
 *   codes(text)    \u behind one backslash, two halves of a character as one, and 1, 2 as a slash
 *   percent(text)  %40 and %u0040
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <string.h>

#define MOST_BACKSLASHES 16
#define NO_TEXT 0x80 /* stands for what is no character */

static int digit_of(uint8_t byte) {
  if (byte >= '0' && byte <= '9') {
    return byte - '0';
  }
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The number in `count` hexadecimal digits, -1 where they are none. */
static int number_at(const uint8_t *at, const uint8_t *end, int count) {
  int number = 0;
  if (end - at < count) {
    return -1;
  }
  for (int index = 0; index < count; index++) {
    int digit = digit_of(at[index]);
    if (digit < 0) {
      return -1;
    }
    number = number << 4 | digit;
  }
  return number;
}

static uint8_t *put_utf8(uint8_t *out, int code) {
  if (code < 0x80) {
    *out++ = (uint8_t)code;
  } else if (code < 0x800) {
    *out++ = (uint8_t)(0xC0 | code >> 6);
    *out++ = (uint8_t)(0x80 | (code & 63));
  } else if (code >= 0xD800 && code < 0xE000) {
    *out++ = NO_TEXT;
  } else if (code < 0x10000) {
    *out++ = (uint8_t)(0xE0 | code >> 12);
    *out++ = (uint8_t)(0x80 | (code >> 6 & 63));
    *out++ = (uint8_t)(0x80 | (code & 63));
  } else {
    *out++ = (uint8_t)(0xF0 | code >> 18);
    *out++ = (uint8_t)(0x80 | (code >> 12 & 63));
    *out++ = (uint8_t)(0x80 | (code >> 6 & 63));
    *out++ = (uint8_t)(0x80 | (code & 63));
  }
  return out;
}

static const uint8_t *behind_backslashes(const uint8_t *at, const uint8_t *end) {
  while (at < end && *at == '\\') {
    at++;
  }
  return at;
}

/* The code of `u0040` at `at`, or of two halves with backslashes between; -1 where there is none.
 * `*behind` is then where it ends. */
static int code_at(const uint8_t *at, const uint8_t *end, const uint8_t **behind) {
  if (at == end || *at != 'u') {
    return -1;
  }
  int code = number_at(at + 1, end, 4);
  if (code < 0) {
    return -1;
  }
  *behind = at + 5;
  if (code >= 0xD800 && code < 0xDC00) {
    const uint8_t *next = behind_backslashes(at + 5, end);
    if (next > at + 5 && next < end && *next == 'u') {
      int second = number_at(next + 1, end, 4);
      if (second >= 0xDC00 && second < 0xE000) {
        *behind = next + 5;
        return 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
      }
    }
  }
  return code;
}

/* Looks at what may be an escape at `at` and returns what is behind it, `*out` moved behind what it
 * became; where it is none, a place behind `at`, and nothing written. `*out` is never behind `at`. */
typedef const uint8_t *(*undo)(const uint8_t *at, const uint8_t *end, uint8_t **out);

static const uint8_t *undo_deep(const uint8_t *at, const uint8_t *end, uint8_t **out) {
  const uint8_t *last = behind_backslashes(at, end), *behind = NULL;
  if (last - at < 2 || last - at > MOST_BACKSLASHES || last == end) {
    return last;
  }
  if (*last == '/') {
    *(*out)++ = '/';
    return last + 1;
  }
  int code = code_at(last, end, &behind);
  if (code < 0) {
    return last;
  }
  *out = put_utf8(*out, code == '\\' ? ' ' : code);
  return behind;
}

static const uint8_t *undo_code(const uint8_t *at, const uint8_t *end, uint8_t **out) {
  const uint8_t *behind = NULL;
  int code = code_at(at + 1, end, &behind);
  if (code < 0) {
    return at + 1;
  }
  *out = put_utf8(*out, code);
  return behind;
}

static const uint8_t *undo_percent(const uint8_t *at, const uint8_t *end, uint8_t **out) {
  int number = number_at(at + 1, end, 2);
  if (number >= 0) {
    *(*out)++ = (uint8_t)number;
    return at + 3;
  }
  if (end - at < 6 || at[1] != 'u' || (number = number_at(at + 2, end, 4)) < 0) {
    return at + 1;
  }
  *out = put_utf8(*out, number);
  return at + 6;
}

static uint8_t *moved(uint8_t *out, const uint8_t *from, const uint8_t *upto) {
  if (out != from) {
    memmove(out, from, (size_t)(upto - from));
  }
  return out + (upto - from);
}

/* Undoes each escape that begins with `mark`, in place; returns where the text now ends. */
static uint8_t *undone(uint8_t *begin, uint8_t *text_end, uint8_t mark, undo one) {
  const uint8_t *end = text_end, *from = begin, *at = begin;
  uint8_t *out = begin;
  while (at < end && (at = memchr(at, mark, (size_t)(end - at))) != NULL) {
    uint8_t *place = moved(out, from, at);
    out = place;
    const uint8_t *behind = one(at, end, &out);
    from = out == place ? at : behind;
    at = behind;
  }
  return moved(out, from, end);
}

static uint8_t *change_deep(uint8_t *begin, uint8_t *end) {
  return undone(begin, end, '\\', undo_deep);
}

static uint8_t *change_percent(uint8_t *begin, uint8_t *end) {
  return undone(begin, end, '%', undo_percent);
}

/* Slashes first: the codes may make a 1 and a 2 that are none. */
static uint8_t *change_codes(uint8_t *begin, uint8_t *end) {
  const uint8_t *at = memchr(begin, 1, (size_t)(end - begin));
  if (at != NULL) {
    uint8_t *out = begin + (at - begin);
    while (at < end) {
      int slash = *at == 1 && end - at > 1 && at[1] == 2;
      *out++ = slash ? '/' : *at;
      at += slash ? 2 : 1;
    }
    end = out;
  }
  return undone(begin, end, '\\', undo_code);
}

static uint8_t *change_short(uint8_t *begin, uint8_t *end) {
  static const uint8_t first[256] = {['"'] = ' ',  ['/'] = 1,   ['n'] = '\n', ['t'] = '\t',
                                     ['r'] = '\r', ['b'] = ' ', ['f'] = ' '};
  static const uint8_t second[256] = {['"'] = '"',  ['/'] = 2,   ['n'] = '\n', ['t'] = '\t',
                                      ['r'] = '\r', ['b'] = ' ', ['f'] = ' '};
  uint8_t *at = begin;
  while (at < end && (at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
    uint8_t *last = at + (behind_backslashes(at, end) - at) - 1;
    for (; at < last; at += 2) {
      *at = ' ';
    }
    at = last + 1;
    if (at < end && first[*at]) {
      *last = first[*at];
      *at = second[*at];
      at++;
    }
  }
  return end;
}

static PyObject *changed(PyObject *text, uint8_t *(*change)(uint8_t *begin, uint8_t *end)) {
  char *from;
  Py_ssize_t size;
  if (PyBytes_AsStringAndSize(text, &from, &size) < 0) {
    return NULL;
  }
  PyObject *result = PyBytes_FromStringAndSize(NULL, size);
  if (result == NULL || size == 0) { /* the empty text is shared: nobody may write to it */
    return result;
  }
  uint8_t *begin = (uint8_t *)PyBytes_AsString(result);
  memcpy(begin, from, (size_t)size);
  uint8_t *end = change(begin, begin + size);
  if (end == begin + size) {
    return result;
  }
  PyObject *shorter = PyBytes_FromStringAndSize((const char *)begin, end - begin);
  Py_DECREF(result);
  return shorter;
}

static PyObject *blank(PyObject *module, PyObject *text) {
  (void)module;
  return changed(text, change_short);
}

static PyObject *deep(PyObject *module, PyObject *text) {
  (void)module;
  return changed(text, change_deep);
}

static PyObject *codes(PyObject *module, PyObject *text) {
  (void)module;
  return changed(text, change_codes);
}

static PyObject *percent(PyObject *module, PyObject *text) {
  (void)module;
  return changed(text, change_percent);
}

static PyMethodDef methods[] = {
    {"blank", blank, METH_O, "Blank short escapes of JSON; see the source."},
    {"deep", deep, METH_O, "Undo escapes of JSON within escapes; see the source."},
    {"codes", codes, METH_O, "Undo codes of JSON; see the source."},
    {"percent", percent, METH_O, "Undo percent escapes; see the source."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_escapes", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__escapes(void) { return PyModule_Create(&definition); }
