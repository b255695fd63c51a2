/*
 * floor LISTEN-PORT UPSTREAM-PORT: copies bytes between each client and a connection of its own to the upstream, on
 * loopback, with epoll and one thread. It parses nothing, so a gate that does the same and reads HTTP can at best be
 * as fast: six system calls an exchange (wait, receive, send, twice).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEER_MAX = 65536, EVENTS_MAX = 256 };

static int peer[PEER_MAX];
static char ended[PEER_MAX];
static char buffer[65536];
static int loop;

static struct sockaddr_in loopback(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int fail(const char *what) {
    perror(what);
    return 1;
}

static void watch(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
}

static void end_both(int fd) {
    int other = peer[fd];
    /* An event of this round may still name them. */
    peer[fd] = peer[other] = -1;
    close(fd);
    close(other);
}

static int send_all(int fd, const char *bytes, ssize_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return 0;
        if (sent < 0) {
            /* A floor may hold up the others meanwhile: only the bulk workload comes here, alone. */
            struct pollfd full = {.fd = fd, .events = POLLOUT};
            poll(&full, 1, -1);
            continue;
        }
        bytes += sent;
        count -= sent;
    }
    return 1;
}

static void copy(int fd) {
    ssize_t count = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count > 0 && send_all(peer[fd], buffer, count)) return;
    if (count == 0 && !ended[peer[fd]]) {
        /* Half a connection has ended: the other half may still have an answer to bring. */
        ended[fd] = 1;
        struct epoll_event none = {.events = 0, .data.fd = fd};
        epoll_ctl(loop, EPOLL_CTL_MOD, fd, &none);
        shutdown(peer[fd], SHUT_WR);
        return;
    }
    end_both(fd);
}

static void accept_one(int listener, const struct sockaddr_in *upstream) {
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    int server = client < 0 ? -1 : socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0 || server >= PEER_MAX || client >= PEER_MAX
        || connect(server, (const struct sockaddr *)upstream, sizeof *upstream) != 0) {
        if (client >= 0) close(client);
        if (server >= 0) close(server);
        return;
    }
    peer[client] = server;
    peer[server] = client;
    ended[client] = ended[server] = 0;
    watch(client);
    watch(server);
}

int main(int count, char **arguments) {
    if (count != 3) return fprintf(stderr, "floor LISTEN-PORT UPSTREAM-PORT\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in listen_on = loopback(arguments[1]), upstream = loopback(arguments[2]);
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&listen_on, sizeof listen_on) != 0 || listen(listener, 4096) != 0) return fail("listen");
    loop = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[EVENTS_MAX], event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(loop, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) accept_one(listener, &upstream);
            else if (peer[fd] < 0) continue;
            else if (events[i].events & (EPOLLERR | EPOLLHUP) && ended[fd]) end_both(fd);
            else copy(fd);
        }
    }
}
