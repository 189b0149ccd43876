#define _GNU_SOURCE
#include "net.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

_Noreturn void net_die(const char *message) {
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, message, strerror(errno));
    exit(1);
}

uint64_t net_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct net_address parse_unix(const char *path) {
    struct net_address result = {0};
    struct sockaddr_un *unix_address = (struct sockaddr_un *)&result.storage;
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof unix_address->sun_path) {
        errno = ENAMETOOLONG;
        net_die("socket path");
    }
    unix_address->sun_family = AF_UNIX;
    memcpy(unix_address->sun_path, path, length + 1);
    result.length = sizeof *unix_address;
    return result;
}

static struct net_address parse_tcp(const char *text) {
    char host[256];
    const char *colon = strrchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : sizeof host;
    if (length >= sizeof host) {
        errno = EINVAL;
        net_die("address wants tcp:HOST:PORT");
    }
    memcpy(host, text, length);
    host[length] = '\0';
    char *name = host;
    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0'; /* [::1] */
        name++;
    }
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int fault = getaddrinfo(name, colon + 1, &hints, &found);
    if (fault != 0 || found->ai_addrlen > sizeof(struct sockaddr_storage)) {
        fprintf(stderr, "%s: address: %s\n", program_invocation_short_name, gai_strerror(fault));
        exit(1);
    }
    struct net_address result = {.length = found->ai_addrlen};
    memcpy(&result.storage, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return result;
}

struct net_address net_parse(const char *address) {
    if (strncmp(address, "unix:", 5) == 0) {
        return parse_unix(address + 5);
    }
    if (strncmp(address, "tcp:", 4) == 0) {
        return parse_tcp(address + 4);
    }
    errno = EINVAL;
    net_die("address wants unix:PATH or tcp:HOST:PORT");
}

static int open_socket(const struct net_address *address) {
    return socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static void send_at_once(int descriptor) {
    int on = 1; /* fails on unix sockets, which never wait anyway */
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int net_listen(const struct net_address *address) {
    int listener = open_socket(address);
    int on = 1;
    if (listener < 0) {
        net_die("socket");
    }
    if (address->storage.ss_family == AF_UNIX) {
        (void)unlink(((const struct sockaddr_un *)&address->storage)->sun_path);
    } else if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
        net_die("setsockopt");
    }
    if (bind(listener, (const struct sockaddr *)&address->storage, address->length) != 0) {
        net_die("bind");
    }
    if (listen(listener, BACKLOG) != 0) {
        net_die("listen");
    }
    return listener;
}

int net_connect(const struct net_address *address) {
    int descriptor = open_socket(address);
    if (descriptor < 0) {
        return -1;
    }
    send_at_once(descriptor);
    const struct sockaddr *peer = (const struct sockaddr *)&address->storage;
    if (connect(descriptor, peer, address->length) != 0 && errno != EINPROGRESS) {
        int fault = errno;
        close(descriptor);
        errno = fault;
        return -1;
    }
    return descriptor;
}

int net_accept(int listener) {
    int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client >= 0) {
        send_at_once(client);
    }
    return client;
}
