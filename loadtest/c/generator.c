/* An HTTP/1.1 load generator that does not omit what it could not send.

   Open loop: request i is due at start + i / rate whatever the server does. Its latency runs from
   that moment, so a stalled server shows in every request that fell due meanwhile; requests that
   find no free connection wait and their wait counts. What the generator itself was late by is
   measured apart ("lateness"): a run with much of it says nothing about the server.
   Closed loop: every connection asks again as soon as it has its answer.
   Prints one JSON object. Plain HTTP only; no HTTP/2, no TLS, no pipelining. */
#define _GNU_SOURCE
#include "generator_options.h"
#include "histogram.h"
#include "net.h"
#include "reply.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { REQUEST_MAX = 8192, EVENTS = 64, READ_SIZE = 262144 };

struct connection {
    int descriptor; /* -1 when closed */
    bool busy;
    uint64_t due_ns;
    size_t sent;
    struct reply reply;
};

struct counts {
    uint64_t planned, completed, ok, bad_status, wrong_size, cut, unfinished, body_bytes;
};

static struct options options;
static struct net_address target;
static struct connection *connections;
static int idle[CONNECTIONS_MAX]; /* last in, first out: few connections stay warm */
static int idle_count;
static char request[REQUEST_MAX];
static size_t request_size;
static struct counts counts;
static struct histogram latency, lateness;
static uint64_t start_ns, measure_ns, last_done_ns;
static int poller, timer;
static FILE *samples;

static void record_latency(uint64_t due_ns, uint64_t now_ns) {
    uint64_t taken_ns = now_ns > due_ns ? now_ns - due_ns : 0;
    if (due_ns < measure_ns) {
        return;
    }
    histogram_add(&latency, taken_ns);
    if (samples != NULL) {
        fprintf(samples, "%" PRIu64 "\n", taken_ns);
    }
}

static void close_connection(struct connection *connection) {
    if (connection->descriptor >= 0) {
        close(connection->descriptor); /* leaves the poller by itself */
    }
    connection->descriptor = -1;
}

static bool open_connection(struct connection *connection) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = connection};
    connection->descriptor = net_connect(&target);
    if (connection->descriptor < 0) {
        return false;
    }
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->descriptor, &event) != 0) {
        net_die("epoll");
    }
    return true;
}

/* Ends the exchange on CONNECTION and counts how it went. */
static void finish(struct connection *connection, uint64_t now_ns) {
    struct reply *reply = &connection->reply;
    bool whole = reply->state == REPLY_DONE;
    counts.completed++;
    counts.body_bytes += reply->body_bytes;
    if (!whole) {
        counts.cut++;
    } else if (reply->status < 200 || reply->status > 299) {
        counts.bad_status++;
    } else if (options.expect_bytes >= 0 && reply->body_bytes != (uint64_t)options.expect_bytes) {
        counts.wrong_size++;
    } else {
        counts.ok++;
    }
    record_latency(connection->due_ns, now_ns);
    last_done_ns = now_ns;
    if (!whole || reply->closes) {
        close_connection(connection);
    }
    connection->busy = false;
    idle[idle_count++] = (int)(connection - connections);
}

static void push_request(struct connection *connection) {
    while (connection->sent < request_size) {
        ssize_t sent = send(connection->descriptor, request + connection->sent,
                            request_size - connection->sent, MSG_NOSIGNAL);
        if (sent < 0) {
            return; /* not connected yet, full, or gone: the next event tells */
        }
        connection->sent += (size_t)sent;
    }
}

static void ask(struct connection *connection, uint64_t due_ns) {
    connection->busy = true;
    connection->due_ns = due_ns;
    connection->sent = 0;
    reply_start(&connection->reply);
    if (connection->descriptor < 0 && !open_connection(connection)) {
        connection->reply.state = REPLY_BROKEN;
        finish(connection, net_now_ns());
        return;
    }
    push_request(connection);
}

static void read_reply(struct connection *connection) {
    static char data[READ_SIZE];
    struct reply *reply = &connection->reply;
    while (connection->descriptor >= 0) {
        ssize_t got = recv(connection->descriptor, data, sizeof data, 0);
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        if (!connection->busy) {
            close_connection(connection); /* closed, or spoke unasked, while idle */
            return;
        }
        if (got > 0) {
            reply_feed(reply, data, (size_t)got);
        } else {
            reply_closed(reply);
            reply->closes = true;
        }
        if (reply->state == REPLY_DONE || reply->state == REPLY_BROKEN) {
            finish(connection, net_now_ns()); /* reads on: the close may be there already */
        }
    }
}

static void arm_timer(uint64_t due_ns) {
    struct itimerspec when = {0};
    when.it_value.tv_sec = (time_t)(due_ns / 1000000000u);
    when.it_value.tv_nsec = (long)(due_ns % 1000000000u);
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL) != 0) {
        net_die("timer");
    }
}

static void handle_events(int timeout_ms) {
    struct epoll_event ready[EVENTS];
    int number = epoll_wait(poller, ready, EVENTS, timeout_ms);
    for (int index = 0; index < number; index++) {
        struct connection *connection = ready[index].data.ptr;
        if (connection == NULL) {
            continue; /* the timer: the loop looks at the clock anyway */
        }
        if (connection->busy) {
            push_request(connection);
        }
        read_reply(connection);
    }
}

static uint64_t due_at(uint64_t index) {
    return start_ns + (uint64_t)((double)index * 1e9 / options.rate);
}

/* Takes what is still waited for as "at least this long": a stall to the end shows too. */
static void count_unfinished(uint64_t asked, uint64_t noticed) {
    uint64_t now_ns = net_now_ns();
    for (int index = 0; index < options.connections; index++) {
        if (connections[index].busy) {
            counts.unfinished++;
            record_latency(connections[index].due_ns, now_ns);
        }
    }
    for (uint64_t index = asked; index < noticed; index++) {
        counts.unfinished++;
        record_latency(due_at(index), now_ns);
    }
}

/* A client on another machine would not wait for our processors, so this one should not either.
   Needs root; without it the lateness tells what that cost. */
static void take_precedence(void) {
    struct sched_param first = {.sched_priority = 1};
    (void)sched_setscheduler(0, SCHED_FIFO, &first);
}

static void run_open(void) {
    uint64_t noticed = 0, asked = 0;
    uint64_t give_up_ns = start_ns + (uint64_t)((options.duration_s + options.drain_s) * 1e9);
    counts.planned = (uint64_t)(options.rate * options.duration_s);
    for (;;) {
        uint64_t now_ns = net_now_ns();
        while (noticed < counts.planned && due_at(noticed) <= now_ns) {
            if (due_at(noticed) >= measure_ns) {
                histogram_add(&lateness, now_ns - due_at(noticed));
            }
            noticed++;
        }
        while (asked < noticed && idle_count > 0) {
            ask(&connections[idle[--idle_count]], due_at(asked));
            asked++;
        }
        if (counts.completed == counts.planned || now_ns >= give_up_ns) {
            break;
        }
        arm_timer(noticed < counts.planned ? due_at(noticed) : give_up_ns);
        handle_events(-1);
    }
    count_unfinished(asked, noticed);
}

static void run_closed(void) {
    uint64_t end_ns = start_ns + (uint64_t)(options.duration_s * 1e9);
    uint64_t give_up_ns = end_ns + (uint64_t)(options.drain_s * 1e9);
    uint64_t now_ns = start_ns;
    arm_timer(end_ns);
    while (now_ns < end_ns) {
        for (int round = idle_count; round > 0; round--) {
            counts.planned++;
            ask(&connections[idle[--idle_count]], net_now_ns());
        }
        handle_events(10);
        now_ns = net_now_ns();
    }
    arm_timer(give_up_ns);
    while (idle_count < options.connections && net_now_ns() < give_up_ns) {
        handle_events(-1);
    }
    count_unfinished(0, 0);
}

static void print_spread(const char *name, const struct histogram *histogram, const char *end) {
    double mean = histogram->count ? (double)histogram->sum_ns / (double)histogram->count : 0;
    printf("\"%s_us\": {\"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p999\": %.1f, "
           "\"max\": %.1f, \"mean\": %.1f, \"count\": %" PRIu64 "}%s",
           name, (double)histogram_percentile(histogram, 0.5) / 1e3,
           (double)histogram_percentile(histogram, 0.9) / 1e3,
           (double)histogram_percentile(histogram, 0.99) / 1e3,
           (double)histogram_percentile(histogram, 0.999) / 1e3, (double)histogram->max_ns / 1e3,
           mean / 1e3, histogram->count, end);
}

static void print_result(void) {
    double taken_s = options.duration_s;
    if (last_done_ns > start_ns && (double)(last_done_ns - start_ns) / 1e9 > taken_s) {
        taken_s = (double)(last_done_ns - start_ns) / 1e9;
    }
    printf("{\"planned\": %" PRIu64 ", \"completed\": %" PRIu64 ", \"ok\": %" PRIu64
           ", \"bad_status\": %" PRIu64 ", \"wrong_size\": %" PRIu64 ", \"cut\": %" PRIu64
           ", \"unfinished\": %" PRIu64 ", \"body_bytes\": %" PRIu64
           ", \"seconds\": %.6f, \"per_s\": %.3f, ",
           counts.planned, counts.completed, counts.ok, counts.bad_status, counts.wrong_size,
           counts.cut, counts.unfinished, counts.body_bytes, taken_s,
           (double)counts.ok / taken_s);
    print_spread("latency", &latency, ", ");
    print_spread("lateness", &lateness, "}\n");
}

static void prepare(void) {
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nhost: %s\r\n\r\n",
                        options.path, options.host);
    if (size < 0 || (size_t)size >= sizeof request) {
        errno = E2BIG;
        net_die("path and host");
    }
    request_size = (size_t)size;
    target = net_parse(options.connect);
    poller = epoll_create1(EPOLL_CLOEXEC);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    connections = calloc((size_t)options.connections, sizeof *connections);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};
    if (poller < 0 || timer < 0 || connections == NULL ||
        epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event) != 0) {
        net_die("set-up");
    }
    if (options.samples != NULL && (samples = fopen(options.samples, "w")) == NULL) {
        net_die("sample file");
    }
    for (int index = options.connections - 1; index >= 0; index--) {
        if (!open_connection(&connections[index])) {
            net_die("connect");
        }
        idle[idle_count++] = index;
    }
}

int main(int count, char **words) {
    options = read_options(count, words);
    signal(SIGPIPE, SIG_IGN);
    prepare();
    start_ns = net_now_ns();
    measure_ns = start_ns + (uint64_t)(options.warmup_s * 1e9);
    if (options.rate > 0) {
        take_precedence();
        run_open();
    } else {
        run_closed();
    }
    if (samples != NULL && fclose(samples) != 0) {
        net_die("sample file");
    }
    print_result();
    return 0;
}
