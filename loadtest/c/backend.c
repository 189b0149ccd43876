/* The service behind Envoy: fixed JSON bodies over HTTP/1.1 keep-alive, one thread, no allocation a
   request. Usage: backend ADDRESS PATH=FILE [PATH=FILE ...]. Other paths get 404. A request with a
   body is refused and the connection closed: the bench sends GET only. */
#define _GNU_SOURCE
#include "net.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { PAGES_MAX = 16, REQUEST_MAX = 16384, EVENTS = 64, HEAD_MAX = 256 };

struct page {
    const char *path;
    size_t path_length;
    char *answer; /* head and body in one piece */
    size_t size;
};

struct client {
    int descriptor;
    size_t held;
    const char *answer; /* what is still to be written, NULL when nothing is */
    size_t left;
    bool closes;
    char request[REQUEST_MAX];
};

static struct page pages[PAGES_MAX];
static size_t page_count;
static const char not_found[] = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
static const char refused[] =
    "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

static void load_page(char *spec) {
    char *equals = strchr(spec, '=');
    if (equals == NULL || spec[0] != '/' || page_count == PAGES_MAX) {
        errno = EINVAL;
        net_die("page wants /PATH=FILE, at most 16 of them");
    }
    *equals = '\0';
    FILE *file = fopen(equals + 1, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        net_die("body file");
    }
    long body_size = ftell(file);
    char head[HEAD_MAX];
    int head_size = snprintf(head, sizeof head,
                             "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                             "content-length: %ld\r\n\r\n",
                             body_size);
    struct page *page = &pages[page_count++];
    page->path = spec;
    page->path_length = strlen(spec);
    page->size = (size_t)head_size + (size_t)body_size;
    page->answer = malloc(page->size);
    if (page->answer == NULL) {
        net_die("memory");
    }
    rewind(file);
    memcpy(page->answer, head, (size_t)head_size);
    if (fread(page->answer + head_size, 1, (size_t)body_size, file) != (size_t)body_size) {
        net_die("body file");
    }
    fclose(file);
}

static void drop(struct client *client) {
    close(client->descriptor);
    free(client);
}

/* Chooses the answer to the request head of SIZE bytes at the start of the buffer. */
static void choose_answer(struct client *client, size_t size) {
    char *head = client->request;
    head[size - 1] = '\0'; /* the last line feed of the blank line */
    client->answer = not_found;
    client->left = sizeof not_found - 1;
    if (strncmp(head, "GET ", 4) != 0 || strcasestr(head, "\r\ncontent-length:") != NULL ||
        strcasestr(head, "\r\ntransfer-encoding:") != NULL) {
        client->answer = refused;
        client->left = sizeof refused - 1;
        client->closes = true;
        return;
    }
    const char *path = head + 4;
    size_t path_length = strcspn(path, " ?\r\n");
    for (size_t index = 0; index < page_count; index++) {
        const struct page *page = &pages[index];
        if (page->path_length == path_length && memcmp(page->path, path, path_length) == 0) {
            client->answer = page->answer;
            client->left = page->size;
        }
    }
}

/* Writes what is left; false when the client is gone. */
static bool write_answer(struct client *client) {
    while (client->left > 0) {
        ssize_t written = send(client->descriptor, client->answer, client->left, MSG_NOSIGNAL);
        if (written < 0) {
            return errno == EAGAIN;
        }
        client->answer += written;
        client->left -= (size_t)written;
    }
    client->answer = NULL;
    return !client->closes;
}

/* Answers every whole request in the buffer; false when the client is to be dropped. */
static bool answer_requests(struct client *client) {
    while (client->answer == NULL) {
        const char *end = memmem(client->request, client->held, "\r\n\r\n", 4);
        if (end == NULL) {
            return client->held < REQUEST_MAX;
        }
        size_t size = (size_t)(end - client->request) + 4;
        choose_answer(client, size);
        client->held -= size;
        memmove(client->request, client->request + size, client->held);
        if (!write_answer(client)) {
            return false;
        }
    }
    return true;
}

static bool read_requests(struct client *client) {
    while (client->answer == NULL) {
        size_t room = REQUEST_MAX - client->held;
        ssize_t got = recv(client->descriptor, client->request + client->held, room, 0);
        if (got <= 0) {
            return got < 0 && errno == EAGAIN;
        }
        client->held += (size_t)got;
        if (!answer_requests(client)) {
            return false;
        }
    }
    return true;
}

static void serve(struct client *client) {
    bool alive = client->answer == NULL || write_answer(client);
    if (alive && client->answer == NULL) {
        alive = answer_requests(client) && read_requests(client);
    }
    if (!alive) {
        drop(client);
    }
}

static void accept_clients(int poller, int listener) {
    for (int descriptor; (descriptor = net_accept(listener)) >= 0;) {
        struct client *client = calloc(1, sizeof *client);
        if (client == NULL) {
            net_die("memory");
        }
        client->descriptor = descriptor;
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = client};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) != 0) {
            net_die("epoll");
        }
    }
}

int main(int count, char **words) {
    if (count < 3) {
        fprintf(stderr, "usage: backend ADDRESS PATH=FILE [PATH=FILE ...]\n");
        return 2;
    }
    for (int index = 2; index < count; index++) {
        load_page(words[index]);
    }
    signal(SIGPIPE, SIG_IGN);
    struct net_address address = net_parse(words[1]);
    int listener = net_listen(&address);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) != 0) {
        net_die("epoll");
    }
    for (;;) {
        struct epoll_event ready[EVENTS];
        int number = epoll_wait(poller, ready, EVENTS, -1);
        for (int index = 0; index < number; index++) {
            if (ready[index].data.ptr == NULL) {
                accept_clients(poller, listener);
            } else {
                serve(ready[index].data.ptr);
            }
        }
    }
}
