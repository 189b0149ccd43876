/* Finds sequences of byte classes, many at once, at some GB/s on a processor with AVX2.
 *
 * A block of 256 bytes becomes a map of 256 bits for each class: bit i tells whether byte i is of
 * the class. Sequences stand behind gates: a gate is open in a block where some bytes in a row are of
 * its class (eleven of digits and what divides them, say), and closed in nearly all ordinary text.
 * Behind an open gate, a sequence can stand only where the maps of a few of its classes, each shifted
 * by the place of the class in it, have a bit in common: its probes. Who passes them is looked at
 * byte by byte. Maps are made when first asked for.
 *
 * find(tables, gates, nodes, sequences, lengths, data, most) -> (hit -> its ends, hit given up -> from where)
 *   tables     20 bytes a class: a 16 byte table (bit h of entry l: byte h << 4 | l is of the class),
 *              whether bytes from 128 on are (0 or 1), three bytes unused
 *   gates      struct gate: a class, how many bytes in a row, the nodes behind it, a wider gate
 *   nodes      struct node: a tree of probes, each node after the one above it; below the last probe
 *              of some sequences stand those
 *   sequences  struct sequence, one a hit
 *   lengths    a byte for each beginning of four digits: bit n is set where a number of 12 + n digits
 *              may begin so; empty where no sequence asks for it
 *   most       ends of one hit that are told; then it is given up, and the place is told
 *
 * prepare(tables, gates, nodes, sequences, lengths) -> program
 * quiet(program, program, data) -> whether no sequence of either stands in data, and none of the bytes
 *   that are signs of another reading of a text: \ % & + = NUL and all from 128 on. For texts that
 *   hold nothing, which most are: nothing is built, and the first thing found ends it.
 *
 * All are of the machine's byte order. Before the text and behind it stands one byte that is of every
 * class: the first and last class of a sequence may be those of the bytes around a value. Nothing here decides: a hit says
 * where an expression is worth a try.
 */
#define _POSIX_C_SOURCE 200809L
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define MOST_CLASSES 1024
#define MOST_GATES 256
#define MOST_NODES 16384
#define LONGEST 32
#define WORD 64
#define WORDS 4
#define BLOCK (WORD * WORDS)
#define SEEN (BLOCK + WORD) /* a block and what its last bytes may begin */
#define CLASS_BYTES 20
#define NONE 0xFFFF
#define BEGINNINGS 10000 /* of four digits */
#define FEWEST_DIGITS 12
#define MOST_DIGITS 19

enum filter { ANY = 0, LUHN = 1, LUHN_WHOLE = 2, CARD = 3, CARD_WHOLE = 4 };

struct gate {
  uint16_t class_index, in_a_row; /* no byte at all: always open */
  uint16_t first, count;          /* its nodes */
  uint16_t within;                /* a gate before it that is open where this one is, or NONE */
};

struct node {
  uint16_t above; /* NONE where it is the first behind its gate */
  uint16_t skip;  /* the node to go on with where none passes this one */
  uint16_t class_index, place;
  uint16_t first, count; /* sequences whose probes end here */
};

struct sequence {
  uint16_t classes[LONGEST];
  uint8_t size, filter, fence, unused; /* what the value behind the first `fence` bytes must be */
};

struct finder {
  const struct gate *gates;
  const struct node *nodes;
  const struct sequence *sequences;
  Py_ssize_t class_count, gate_count, node_count, hit_count;
  const uint8_t *classes, *lengths, *data;
  Py_ssize_t beginnings, size, most;
  PyObject **ends;      /* one list a hit, NULL while it has none */
  Py_ssize_t *given_up; /* where, -1 while it is not */
  Py_ssize_t *told;
};

typedef uint64_t lanes __attribute__((vector_size(8 * WORDS)));

/* One block of the text, 64 bytes more, and what is worked out of them. */
struct block {
  const uint8_t *bytes; /* in the text, or at its ends in `edge` */
  uint8_t edge[SEEN];
  int first;       /* whether its first byte is the one before the text */
  Py_ssize_t last; /* where in it the byte behind the text is, beyond it if that is elsewhere */
  uint8_t made[MOST_CLASSES];
  uint8_t opened[MOST_GATES];
  uint64_t maps[MOST_CLASSES][WORDS + 1];
  lanes open[MOST_NODES];
};

static int of_class(const uint8_t *class_table, uint8_t byte) {
  return byte < 128 ? class_table[byte & 15] >> (byte >> 4) & 1 : class_table[16];
}

AVX2 static inline uint64_t map_half(__m256i bytes, __m256i columns) {
  const __m256i bits = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0));
  __m256i high_half = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
  __m256i in = _mm256_and_si256(_mm256_shuffle_epi8(columns, bytes),
                                _mm256_shuffle_epi8(bits, high_half));
  return (uint32_t)~_mm256_movemask_epi8(_mm256_cmpeq_epi8(in, _mm256_setzero_si256()));
}

AVX2 static inline void map_class(const uint8_t *table, const uint8_t *bytes,
                                   uint64_t *maps) {
  __m256i columns = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
  for (unsigned word = 0; word <= WORDS; word++) {
    __m256i first = _mm256_loadu_si256((const __m256i *)(bytes + WORD * word));
    __m256i second = _mm256_loadu_si256((const __m256i *)(bytes + WORD * word + 32));
    uint64_t high = (uint32_t)_mm256_movemask_epi8(first) |
                    (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
    maps[word] = map_half(first, columns) | map_half(second, columns) << 32 |
                 (table[16] ? high : 0);
  }
}
/* Whether 12 to 19 digits from `at` on, blanks and dashes between them, end in their Luhn digit;
 * with a filter for whole numbers only where no other digit follows, with one for cards only where
 * cards that begin so are so long. */
static int luhn_ahead(const struct finder *finder, Py_ssize_t at, enum filter filter) {
  unsigned odd_length = 0, even_length = 0, count = 0, gap = 0, beginning = 0, allowed = 0xFF;
  const int whole = filter == LUHN_WHOLE || filter == CARD_WHOLE;
  for (; at < finder->size && count < MOST_DIGITS; at++) {
    uint8_t byte = finder->data[at];
    if (byte == ' ' || byte == '-') {
      if (++gap > 3) {
        return 0;
      }
      continue;
    }
    if (byte < '0' || byte > '9') {
      return 0;
    }
    gap = 0;
    unsigned digit = byte - '0', doubled = digit < 5 ? 2 * digit : 2 * digit - 9;
    odd_length += count & 1 ? doubled : digit;
    even_length += count & 1 ? digit : doubled;
    count++;
    if (count <= 4 && filter >= CARD) {
      beginning = 10 * beginning + digit;
      allowed = count < 4 ? allowed : finder->lengths[beginning];
      if (!allowed) {
        return 0;
      }
    }
    if (count >= FEWEST_DIGITS && (allowed >> (count - FEWEST_DIGITS) & 1) &&
        (count & 1 ? odd_length : even_length) % 10 == 0) {
      int ends = at + 1 == finder->size || finder->data[at + 1] < '0' || finder->data[at + 1] > '9';
      if (ends || !whole) {
        return 1;
      }
    }
  }
  return 0;
}

AVX2 static inline int any(lanes map) { return !_mm256_testz_si256((__m256i)map, (__m256i)map); }

/* Looks at sequence `hit` from the text's byte `start` on, which may be the one before it. */
static int look(struct finder *finder, Py_ssize_t hit, Py_ssize_t start) {
  const struct sequence *sequence = finder->sequences + hit;
  Py_ssize_t end = start + sequence->size;
  if ((finder->ends != NULL && finder->given_up[hit] >= 0) || end > finder->size + 1) {
    return 0;
  }
  if (end > finder->size) {
    end = finder->size;
  }
  for (unsigned at = start < 0; start + at < end; at++) {
    const uint8_t *table = finder->classes + (size_t)sequence->classes[at] * CLASS_BYTES;
    if (!of_class(table, finder->data[start + at])) {
      return 0;
    }
  }
  if (sequence->filter != ANY &&
      !luhn_ahead(finder, start + sequence->fence, sequence->filter)) {
    return 0;
  }
  if (finder->ends == NULL) {
    return 1; /* that it stands there is all that is asked */
  }
  if (finder->told[hit]++ >= finder->most) {
    finder->given_up[hit] = end;
    return 0;
  }
  PyObject **ends = finder->ends + hit, *number = PyLong_FromSsize_t(end);
  if (*ends == NULL) {
    *ends = PyList_New(0);
  }
  int failed = number == NULL || *ends == NULL || PyList_Append(*ends, number) != 0;
  Py_XDECREF(number);
  return failed ? -1 : 0;
}

/* Looks at all that passed the probes of `node`, place by place. */
AVX2 static int look_closer(struct finder *finder, const struct node *node,
                                                 const lanes *passed, Py_ssize_t base) {
  for (unsigned word = 0; word < WORDS; word++) {
    for (uint64_t left = (*passed)[word]; left; left &= left - 1) {
      Py_ssize_t start = base + WORD * word + __builtin_ctzll(left);
      for (unsigned turn = 0; turn < node->count; turn++) {
        int ended = look(finder, node->first + turn, start);
        if (ended != 0) {
          return ended;
        }
      }
    }
  }
  return 0;
}

AVX2 static inline const uint64_t *maps_of(const struct finder *finder, struct block *block,
                                           unsigned class_index) {
  uint64_t *maps = block->maps[class_index];
  if (!block->made[class_index]) {
    block->made[class_index] = 1;
    map_class(finder->classes + (size_t)class_index * CLASS_BYTES, block->bytes, maps);
    maps[0] |= (uint64_t)block->first;
    if (block->last < SEEN) {
      maps[block->last / WORD] |= (uint64_t)1 << block->last % WORD;
    }
  }
  return maps;
}

/* Whether `in_a_row` bytes of the class begin in the block, or so near behind it that a sequence that
 * begins in the block holds them; what is beyond all that is known may be of any class. */
AVX2 static inline int is_open(const uint64_t *maps, unsigned in_a_row) {
  uint64_t last = maps[WORDS];
  __m256i row = _mm256_loadu_si256((const __m256i *)maps);
  for (unsigned have = 1; have < in_a_row;) {
    unsigned step = in_a_row - have < have ? in_a_row - have : have;
    __m256i behind = _mm256_set1_epi64x((long long)last);
    __m256i next = _mm256_blend_epi32(_mm256_permute4x64_epi64(row, 0x39), behind, 0xC0);
    __m256i later = _mm256_or_si256(_mm256_srli_epi64(row, (int)step),
                                    _mm256_slli_epi64(next, (int)(WORD - step)));
    row = _mm256_and_si256(row, later);
    last &= last >> step | ~(uint64_t)0 << (WORD - step);
    have += step;
  }
  return !_mm256_testz_si256(row, row) || (last & (((uint64_t)1 << LONGEST) - 1)) != 0;
}

/* Works out the nodes behind an open gate. */
AVX2 static int pass(struct finder *finder, struct block *block, const struct gate *gate,
                     Py_ssize_t base) {
  for (unsigned index = gate->first; index < (unsigned)gate->first + gate->count;) {
    const struct node *node = finder->nodes + index;
    const uint64_t *maps = maps_of(finder, block, node->class_index);
    lanes map, next;
    memcpy(&map, maps, sizeof map);
    memcpy(&next, maps + 1, sizeof next);
    /* Two steps: a shift by the whole width would be undefined. */
    map = map >> node->place | next << 1 << (WORD - 1 - node->place);
    if (node->above != NONE) {
      map &= block->open[node->above];
    }
    if (!any(map)) {
      index = node->skip;
      continue;
    }
    block->open[index++] = map;
    int ended = node->count ? look_closer(finder, node, &map, base) : 0;
    if (ended != 0) {
      return ended;
    }
  }
  return 0;
}

/* Takes up the block from `base` on, -1 for the first: the text is taken to begin a byte early. */
static void take_up(const struct finder *finder, Py_ssize_t base, struct block *block) {
  block->first = base < 0;
  block->last = finder->size - base;
  memset(block->made, 0, (size_t)finder->class_count);
  if (base >= 0 && base + SEEN <= finder->size) {
    block->bytes = finder->data + base;
    return;
  }
  block->bytes = block->edge;
  memset(block->edge, 0, SEEN);
  Py_ssize_t from = base < 0 ? 0 : base, upto = base + SEEN;
  if (upto > finder->size) {
    upto = finder->size;
  }
  if (upto > from) {
    memcpy(block->edge + (from - base), finder->data + from, (size_t)(upto - from));
  }
}

/* Goes through the text; not 0 ends it: -1 with an exception, 1 where one hit is enough. */
AVX2 static int walk(struct finder *finder, struct block *block) {
  int failed = 0;
  for (Py_ssize_t base = -1; !failed && base <= finder->size; base += BLOCK) {
    take_up(finder, base, block);
    for (Py_ssize_t index = 0; !failed && index < finder->gate_count; index++) {
      const struct gate *gate = finder->gates + index;
      block->opened[index] =
          (gate->within == NONE || block->opened[gate->within]) &&
          (!gate->in_a_row ||
           is_open(maps_of(finder, block, gate->class_index), gate->in_a_row));
      if (block->opened[index]) {
        failed = pass(finder, block, gate, base);
      }
    }
  }
  return failed;
}

static int run(struct finder *finder) {
  struct block *block = NULL;
  if (posix_memalign((void **)&block, sizeof(lanes), sizeof *block) != 0) {
    PyErr_NoMemory();
    return -1;
  }
  int failed = walk(finder, block);
  free(block);
  return failed;
}

/* Whether no index leads out of what it points into. */
static int is_sound(const struct finder *finder) {
  int sound = finder->class_count <= MOST_CLASSES && finder->gate_count <= MOST_GATES &&
              finder->node_count <= MOST_NODES && finder->hit_count < NONE;
  for (Py_ssize_t index = 0; sound && index < finder->gate_count; index++) {
    const struct gate *gate = finder->gates + index;
    sound = gate->class_index < finder->class_count && gate->in_a_row < LONGEST &&
            gate->first + gate->count <= finder->node_count &&
            (gate->within == NONE || gate->within < index);
  }
  for (Py_ssize_t index = 0; sound && index < finder->node_count; index++) {
    const struct node *node = finder->nodes + index;
    sound = node->class_index < finder->class_count && node->place < LONGEST &&
            (node->above == NONE || node->above < index) && node->skip > index &&
            node->first + node->count <= finder->hit_count;
  }
  for (Py_ssize_t index = 0; sound && index < finder->hit_count; index++) {
    const struct sequence *sequence = finder->sequences + index;
    sound = sequence->size <= LONGEST && sequence->filter <= CARD_WHOLE && sequence->fence <= 1 &&
            (sequence->filter < CARD || finder->beginnings == BEGINNINGS);
    for (unsigned at = 0; sound && at < sequence->size; at++) {
      sound = sequence->classes[at] < finder->class_count;
    }
  }
  return sound;
}

static int put(PyObject *dict, Py_ssize_t hit, PyObject *value) {
  PyObject *key = value == NULL ? NULL : PyLong_FromSsize_t(hit);
  int failed = key == NULL || PyDict_SetItem(dict, key, value) != 0;
  Py_XDECREF(key);
  return failed;
}

static PyObject *answer(struct finder *finder) {
  PyObject *ends = PyDict_New(), *given_up = PyDict_New();
  int failed = ends == NULL || given_up == NULL;
  for (Py_ssize_t hit = 0; !failed && hit < finder->hit_count; hit++) {
    if (finder->ends[hit] != NULL) {
      failed = put(ends, hit, finder->ends[hit]);
    }
    if (!failed && finder->given_up[hit] >= 0) {
      PyObject *from = PyLong_FromSsize_t(finder->given_up[hit]);
      failed = put(given_up, hit, from);
      Py_XDECREF(from);
    }
  }
  if (failed) {
    Py_XDECREF(ends);
    Py_XDECREF(given_up);
    return NULL;
  }
  return Py_BuildValue("(NN)", ends, given_up);
}

static int begin(struct finder *finder) {
  size_t count = (size_t)finder->hit_count + 1;
  finder->ends = PyMem_Calloc(count, sizeof(PyObject *));
  finder->given_up = PyMem_Calloc(count, sizeof(Py_ssize_t));
  finder->told = PyMem_Calloc(count, sizeof(Py_ssize_t));
  if (finder->ends == NULL || finder->given_up == NULL || finder->told == NULL) {
    PyErr_NoMemory();
    return -1;
  }
  memset(finder->given_up, -1, count * sizeof(Py_ssize_t));
  return 0;
}

static void finish(struct finder *finder) {
  for (Py_ssize_t hit = 0; finder->ends != NULL && hit < finder->hit_count; hit++) {
    Py_XDECREF(finder->ends[hit]);
  }
  PyMem_Free(finder->ends);
  PyMem_Free(finder->given_up);
  PyMem_Free(finder->told);
}

static void point_at(struct finder *finder, const Py_buffer *tables, const Py_buffer *gates,
                     const Py_buffer *nodes, const Py_buffer *sequences,
                     const Py_buffer *lengths) {
  finder->lengths = lengths->buf;
  finder->beginnings = lengths->len;
  finder->classes = tables->buf;
  finder->class_count = tables->len / CLASS_BYTES;
  finder->gates = gates->buf;
  finder->gate_count = gates->len / (Py_ssize_t)sizeof(struct gate);
  finder->nodes = nodes->buf;
  finder->node_count = nodes->len / (Py_ssize_t)sizeof(struct node);
  finder->sequences = sequences->buf;
  finder->hit_count = sequences->len / (Py_ssize_t)sizeof(struct sequence);
}

static PyObject *find(PyObject *module, PyObject *arguments) {
  (void)module;
  Py_buffer tables, gates, nodes, sequences, lengths, data;
  struct finder finder = {0};
  PyObject *result = NULL;
  if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*y*n", &tables, &gates, &nodes, &sequences,
                        &lengths, &data, &finder.most)) {
    return NULL;
  }
  point_at(&finder, &tables, &gates, &nodes, &sequences, &lengths);
  finder.data = data.buf;
  finder.size = data.len;
  if (!__builtin_cpu_supports("avx2") || !is_sound(&finder)) {
    PyErr_SetString(PyExc_ValueError, "not a program of this finder");
  } else if (begin(&finder) == 0 && run(&finder) == 0) {
    result = answer(&finder);
  }
  finish(&finder);
  PyBuffer_Release(&tables);
  PyBuffer_Release(&gates);
  PyBuffer_Release(&nodes);
  PyBuffer_Release(&sequences);
  PyBuffer_Release(&lengths);
  PyBuffer_Release(&data);
  return result;
}

/* A program that was looked through once. It holds the buffers, and room to work in: only who
 * holds the interpreter's lock is in here. */
#define HELD 5
struct program {
  struct finder finder;
  Py_buffer buffers[HELD];
  struct block *block;
};

#define PROGRAM "weirline.detect.program"

static void drop(PyObject *capsule) {
  struct program *program = PyCapsule_GetPointer(capsule, PROGRAM);
  if (program != NULL) {
    for (unsigned index = 0; index < HELD; index++) {
      PyBuffer_Release(program->buffers + index);
    }
    free(program->block);
    PyMem_Free(program);
  }
}

static PyObject *prepare(PyObject *module, PyObject *arguments) {
  (void)module;
  struct program *program = PyMem_Calloc(1, sizeof *program);
  if (program == NULL) {
    return PyErr_NoMemory();
  }
  Py_buffer *held = program->buffers;
  if (!PyArg_ParseTuple(arguments, "y*y*y*y*y*", held, held + 1, held + 2, held + 3, held + 4)) {
    PyMem_Free(program);
    return NULL;
  }
  PyObject *capsule = PyCapsule_New(program, PROGRAM, drop);
  if (capsule == NULL) {
    PyMem_Free(program);
    return NULL;
  }
  point_at(&program->finder, held, held + 1, held + 2, held + 3, held + 4);
  if (!__builtin_cpu_supports("avx2") || !is_sound(&program->finder)) {
    PyErr_SetString(PyExc_ValueError, "not a program of this finder");
  } else if (posix_memalign((void **)&program->block, sizeof(lanes), sizeof *program->block) != 0) {
    program->block = NULL;
    PyErr_NoMemory();
  } else {
    return capsule;
  }
  Py_DECREF(capsule);
  return NULL;
}

AVX2 static int has_signs(const uint8_t *data, Py_ssize_t size) {
  static const char signs[] = {'\\', '%', '&', '+', '=', 0};
  __m256i wanted[sizeof signs], found = _mm256_setzero_si256();
  for (unsigned index = 0; index < sizeof signs; index++) {
    wanted[index] = _mm256_set1_epi8(signs[index]);
  }
  Py_ssize_t at = 0;
  for (; at + 32 <= size; at += 32) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(data + at));
    found = _mm256_or_si256(found, bytes); /* its highest bits: bytes from 128 on */
    for (unsigned index = 0; index < sizeof signs; index++) {
      found = _mm256_or_si256(found, _mm256_cmpeq_epi8(bytes, wanted[index]));
    }
  }
  int any_sign = _mm256_movemask_epi8(found) != 0;
  for (; at < size; at++) {
    any_sign |= data[at] >= 128 || memchr(signs, data[at], sizeof signs) != NULL;
  }
  return any_sign;
}

static PyObject *quiet(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
  (void)module;
  char *data;
  Py_ssize_t size;
  if (count != 3) {
    PyErr_SetString(PyExc_TypeError, "quiet takes two programs and the data");
    return NULL;
  }
  if (PyBytes_AsStringAndSize(arguments[2], &data, &size) != 0) {
    return NULL;
  }
  int found = has_signs((const uint8_t *)data, size);
  for (unsigned index = 0; index < 2 && !found; index++) {
    struct program *program = PyCapsule_GetPointer(arguments[index], PROGRAM);
    if (program == NULL) {
      return NULL;
    }
    program->finder.data = (const uint8_t *)data;
    program->finder.size = size;
    found = walk(&program->finder, program->block);
  }
  return PyBool_FromLong(!found);
}

static PyObject *is_fast(PyObject *module, PyObject *unused) {
  (void)module;
  (void)unused;
  return PyBool_FromLong(__builtin_cpu_supports("avx2"));
}

#else /* not a processor this is written for: it is built, so that nobody tries again, and says no */

static PyObject *find(PyObject *module, PyObject *arguments) {
  (void)module;
  (void)arguments;
  PyErr_SetString(PyExc_RuntimeError, "this processor has no AVX2");
  return NULL;
}

static PyObject *prepare(PyObject *module, PyObject *arguments) { return find(module, arguments); }

static PyObject *quiet(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
  (void)arguments;
  (void)count;
  return find(module, NULL);
}

static PyObject *is_fast(PyObject *module, PyObject *unused) {
  (void)module;
  (void)unused;
  Py_RETURN_FALSE;
}

#endif

static PyMethodDef methods[] = {
    {"find", find, METH_VARARGS, "Find sequences of byte classes; see the source."},
    {"prepare", prepare, METH_VARARGS, "Make a program ready for quiet; see the source."},
    {"quiet", (PyCFunction)(void (*)(void))quiet, METH_FASTCALL, "Whether nothing stands in a text."},
    {"is_fast", is_fast, METH_NOARGS, "Whether this processor has what makes it fast."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_class_finder", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__class_finder(void) { return PyModule_Create(&definition); }
