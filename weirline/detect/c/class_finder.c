/* Finds sequences of byte classes, many at once, at some GB/s on a processor with AVX2.
 *
 * A block of 64 bytes becomes one 64-bit map for each class: bit i tells whether byte i is of the
 * class. A sequence c0 c1 c2 stands where map(c0) & map(c1) >> 1 & map(c2) >> 2 has a bit. The
 * sequences of all detectors form one tree, walked once a block; a branch whose map is empty is left
 * at once, and a map is made when first asked for: ordinary text costs its first few classes.
 *
 * find(program, classes, data, hits, most) -> (hit -> its ends, hit given up -> from where on)
 *   program  nodes of the tree in order, each node before those below it (struct node, native order)
 *   classes  20 bytes each: a 16 byte table (bit h of entry l: byte h << 4 | l is of the class),
 *            whether bytes from 128 on are (0 or 1), three bytes unused
 *   most     ends of one hit that are told; then it is given up, and the place is told
 * Before the text stands one byte that is of every class: the first class of a sequence may be that
 * of the byte before a value. Nothing here decides: a hit says where an expression is worth a try.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WITH_AVX2 1
#else
#define WITH_AVX2 0
#endif

#define MOST_CLASSES 96
#define MOST_DEPTH 32
#define MOST_HITS 4096
#define BLOCK 64
#define CLASS_BYTES 20
#define NO_HIT 0xFFFF

enum filter { ANY = 0, LUHN = 1, LUHN_WHOLE = 2 };

struct node {
  uint16_t class_index, depth, skip, hit;
  uint16_t filter; /* what the value behind the first `fence` bytes must be */
  uint16_t fence;
};

struct finder {
  const struct node *nodes;
  Py_ssize_t node_count, class_count, hit_count;
  const uint8_t *classes, *data;
  Py_ssize_t size, most;
  PyObject **ends;      /* one list a hit, NULL while it has none */
  Py_ssize_t *given_up; /* where, -1 while it is not */
  Py_ssize_t *told;
};

/* One block of the text and the maps made of it so far. */
struct block {
  uint8_t bytes[BLOCK];
  uint64_t inside, before; /* bytes of the text; the one before its first, of every class */
  uint8_t made[MOST_CLASSES];
  uint64_t maps[MOST_CLASSES];
};

#define INLINE static inline __attribute__((always_inline))

typedef uint64_t map_block(const uint8_t *, const uint8_t *);

static int of_class(const uint8_t *class_table, uint8_t byte) {
  return byte < 128 ? class_table[byte & 15] >> (byte >> 4) & 1 : class_table[16];
}

static uint64_t map_plain(const uint8_t *table, const uint8_t *bytes) {
  uint64_t map = 0;
  for (unsigned at = 0; at < BLOCK; at++) {
    map |= (uint64_t)of_class(table, bytes[at]) << at;
  }
  return map;
}

#if WITH_AVX2
__attribute__((target("avx2"))) static inline uint64_t map_half(__m256i bytes, __m256i columns) {
  const __m256i bits = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0));
  __m256i high_half = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
  __m256i in = _mm256_and_si256(_mm256_shuffle_epi8(columns, bytes),
                                _mm256_shuffle_epi8(bits, high_half));
  return (uint32_t)~_mm256_movemask_epi8(_mm256_cmpeq_epi8(in, _mm256_setzero_si256()));
}

__attribute__((target("avx2"))) static inline uint64_t map_avx2(const uint8_t *table,
                                                         const uint8_t *bytes) {
  __m256i columns = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
  __m256i first = _mm256_loadu_si256((const __m256i *)bytes);
  __m256i second = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  uint64_t map = map_half(first, columns) | map_half(second, columns) << 32;
  if (table[16]) {
    map |= (uint32_t)_mm256_movemask_epi8(first) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
  }
  return map;
}
#endif

static int has_avx2(void) {
#if WITH_AVX2
  return __builtin_cpu_supports("avx2");
#else
  return 0;
#endif
}

/* Whether 12 to 19 digits from `at` on, blanks and dashes between them, end in their Luhn digit;
 * with `whole` only where no other digit follows. */
static int luhn_ahead(const struct finder *finder, Py_ssize_t at, int whole) {
  unsigned odd_length = 0, even_length = 0, count = 0, gap = 0;
  for (; at < finder->size && count < 19; at++) {
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
    if (count >= 12 && (count & 1 ? odd_length : even_length) % 10 == 0) {
      int ends = at + 1 == finder->size || finder->data[at + 1] < '0' || finder->data[at + 1] > '9';
      if (ends || !whole) {
        return 1;
      }
    }
  }
  return 0;
}

__attribute__((noinline)) static int tell(struct finder *finder, const struct node *node, Py_ssize_t start) {
  Py_ssize_t end = start + node->depth + 1; /* offsets into the text */
  if (finder->given_up[node->hit] >= 0) {
    return 0;
  }
  if (node->filter != ANY && !luhn_ahead(finder, start + node->fence, node->filter == LUHN_WHOLE)) {
    return 0;
  }
  if (finder->told[node->hit]++ >= finder->most) {
    finder->given_up[node->hit] = end;
    return 0;
  }
  PyObject **ends = finder->ends + node->hit, *number = PyLong_FromSsize_t(end);
  if (*ends == NULL) {
    *ends = PyList_New(0);
  }
  int failed = number == NULL || *ends == NULL || PyList_Append(*ends, number) != 0;
  Py_XDECREF(number);
  return failed ? -1 : 0;
}

INLINE uint64_t map_of(const struct finder *finder, map_block *map, struct block *block,
                       unsigned class_index) {
  if (!block->made[class_index]) {
    block->made[class_index] = 1;
    const uint8_t *table = finder->classes + (size_t)class_index * CLASS_BYTES;
    block->maps[class_index] = (map(table, block->bytes) & block->inside) | block->before;
  }
  return block->maps[class_index];
}

/* Walks the tree over the block `now`, whose first byte is the text's byte `base`. */
INLINE int walk(struct finder *finder, map_block *make, struct block *now, struct block *next,
                Py_ssize_t base) {
  uint64_t open[MOST_DEPTH + 1];
  open[0] = ~(uint64_t)0;
  for (Py_ssize_t index = 0; index < finder->node_count;) {
    const struct node *node = finder->nodes + index;
    unsigned depth = node->depth, class_index = node->class_index;
    uint64_t map = map_of(finder, make, now, class_index) >> depth;
    if (depth && open[depth] >> (BLOCK - depth)) {
      map |= map_of(finder, make, next, class_index) << (BLOCK - depth);
    }
    map &= open[depth];
    if (!map) {
      index = node->skip;
      continue;
    }
    open[depth + 1] = map;
    if (node->hit != NO_HIT) {
      for (uint64_t left = map; left; left &= left - 1) {
        if (tell(finder, node, base + __builtin_ctzll(left)) != 0) {
          return -1;
        }
      }
    }
    index++;
  }
  return 0;
}

/* Takes up the block from `base` on, -1 for the first: the text is taken to begin a byte early. */
static void take_up(const struct finder *finder, Py_ssize_t base, struct block *block) {
  memset(block->made, 0, (size_t)finder->class_count);
  block->before = base < 0;
  if (base >= 0 && base + BLOCK <= finder->size) {
    memcpy(block->bytes, finder->data + base, BLOCK);
    block->inside = ~(uint64_t)0;
    return;
  }
  Py_ssize_t from = base < 0 ? 0 : base, upto = base + BLOCK;
  memset(block->bytes, 0, BLOCK);
  block->inside = 0;
  if (upto > finder->size) {
    upto = finder->size;
  }
  if (upto > from) { /* fewer than 64 bytes */
    memcpy(block->bytes + (from - base), finder->data + from, (size_t)(upto - from));
    block->inside = (((uint64_t)1 << (upto - from)) - 1) << (from - base);
  }
}

INLINE int run_with(struct finder *finder, map_block *make) {
  struct block blocks[2];
  take_up(finder, -1, &blocks[0]);
  for (Py_ssize_t base = -1, turn = 0; base < finder->size; base += BLOCK, turn ^= 1) {
    take_up(finder, base + BLOCK, &blocks[turn ^ 1]);
    if (walk(finder, make, &blocks[turn], &blocks[turn ^ 1], base) != 0) {
      return -1;
    }
  }
  return 0;
}

#if WITH_AVX2
__attribute__((target("avx2"))) static int run_avx2(struct finder *finder) {
  return run_with(finder, map_avx2);
}
#endif

static int run(struct finder *finder) {
#if WITH_AVX2
  if (has_avx2()) {
    return run_avx2(finder);
  }
#endif
  return run_with(finder, map_plain);
}

/* Whether the tree is one: no index leads out of it, and every walk ends. */
static int is_sound(const struct finder *finder) {
  unsigned above = 0;
  for (Py_ssize_t index = 0; index < finder->node_count; index++) {
    const struct node *node = finder->nodes + index;
    if (node->class_index >= finder->class_count || node->depth >= MOST_DEPTH ||
        node->depth > above || node->skip <= index || node->skip > finder->node_count ||
        (node->hit != NO_HIT && node->hit >= finder->hit_count) || node->filter > LUHN_WHOLE ||
        node->fence > 1) {
      return 0;
    }
    above = node->depth + 1u;
  }
  return 1;
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

static PyObject *find(PyObject *module, PyObject *arguments) {
  (void)module;
  Py_buffer program, classes, data;
  struct finder finder = {0};
  PyObject *result = NULL;
  if (!PyArg_ParseTuple(arguments, "y*y*y*nn", &program, &classes, &data, &finder.hit_count,
                        &finder.most)) {
    return NULL;
  }
  finder.nodes = program.buf;
  finder.node_count = program.len / (Py_ssize_t)sizeof(struct node);
  finder.classes = classes.buf;
  finder.class_count = classes.len / CLASS_BYTES;
  finder.data = data.buf;
  finder.size = data.len;
  if (finder.class_count > MOST_CLASSES || finder.hit_count < 0 || finder.hit_count > MOST_HITS ||
      finder.node_count >= NO_HIT || !is_sound(&finder)) {
    PyErr_SetString(PyExc_ValueError, "not a program of this finder");
  } else if (begin(&finder) == 0 && run(&finder) == 0) {
    result = answer(&finder);
  }
  finish(&finder);
  PyBuffer_Release(&program);
  PyBuffer_Release(&classes);
  PyBuffer_Release(&data);
  return result;
}

static PyObject *is_fast(PyObject *module, PyObject *unused) {
  (void)module;
  (void)unused;
  return PyBool_FromLong(has_avx2());
}

static PyMethodDef methods[] = {
    {"find", find, METH_VARARGS, "Find sequences of byte classes; see the source."},
    {"is_fast", is_fast, METH_NOARGS, "Whether this processor has what makes it fast."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_class_finder", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__class_finder(void) { return PyModule_Create(&definition); }
