/* Addresses and sockets of the bench tools: "unix:PATH" or "tcp:HOST:PORT", always non-blocking. */
#ifndef WEIRLINE_NET_H
#define WEIRLINE_NET_H

#include <stdint.h>
#include <sys/socket.h>

struct net_address {
    struct sockaddr_storage storage;
    socklen_t length;
};

/* Reads ADDRESS or ends the program with a message: a bench with a wrong address has no work. */
struct net_address net_parse(const char *address);

/* A listening socket. A unix path that exists is removed first: it is the bench's own folder. */
int net_listen(const struct net_address *address);

/* A socket that is connected or connecting; -1 with errno set when the peer refuses at once. */
int net_connect(const struct net_address *address);

/* The next waiting client of LISTENER, or -1 when there is none. */
int net_accept(int listener);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t net_now_ns(void);

/* Prints "NAME: MESSAGE: errno text" and exits 1. */
_Noreturn void net_die(const char *message);

#endif
