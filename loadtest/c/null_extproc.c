/* An ext_proc server that looks at nothing: it answers every message with CONTINUE of its kind.
   It is the floor of the bench: what Envoy's filter and the kernel cost without any work of ours.
   One thread, usage: null_extproc ADDRESS. */
#define _GNU_SOURCE
#include "h2.h"
#include "net.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 16 };

static int poller;

static void drop(struct h2_peer *peer) {
    close(peer->descriptor);
    free(peer);
}

static bool write_output(struct h2_peer *peer) {
    while (peer->output_start < peer->output_end) {
        ssize_t written = send(peer->descriptor, peer->output + peer->output_start,
                               peer->output_end - peer->output_start, MSG_NOSIGNAL);
        if (written < 0) {
            return errno == EAGAIN;
        }
        peer->output_start += (size_t)written;
    }
    peer->output_start = peer->output_end = 0;
    return true;
}

/* Works, writes and reads until the socket has no more, or takes no more. */
static bool serve(struct h2_peer *peer) {
    for (;;) {
        bool goes_on = h2_work(peer);
        if (!write_output(peer) || !goes_on) {
            return false; /* a last GOAWAY is told only if the socket takes it at once */
        }
        if (peer->output_start < peer->output_end) {
            return true; /* full: the next edge says when it takes more */
        }
        if (peer->wants_room) {
            continue;
        }
        ssize_t got = recv(peer->descriptor, peer->input + peer->input_held,
                           H2_INPUT - peer->input_held, 0);
        if (got <= 0) {
            return got < 0 && errno == EAGAIN;
        }
        peer->input_held += (size_t)got;
    }
}

static void accept_peers(int listener) {
    for (int descriptor; (descriptor = net_accept(listener)) >= 0;) {
        struct h2_peer *peer = malloc(sizeof *peer);
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = peer};
        if (peer == NULL) {
            net_die("memory");
        }
        h2_open(peer, descriptor);
        if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) != 0) {
            net_die("epoll");
        }
    }
}

int main(int count, char **words) {
    if (count != 2) {
        fprintf(stderr, "usage: null_extproc ADDRESS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    struct net_address address = net_parse(words[1]);
    int listener = net_listen(&address);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) != 0) {
        net_die("epoll");
    }
    for (;;) {
        struct epoll_event ready[EVENTS];
        int number = epoll_wait(poller, ready, EVENTS, -1);
        for (int index = 0; index < number; index++) {
            if (ready[index].data.ptr == NULL) {
                accept_peers(listener);
            } else if (!serve(ready[index].data.ptr)) {
                drop(ready[index].data.ptr);
            }
        }
    }
}
