// The same calls with Linux's constants, for LD_PRELOAD: every socket call of the program and of .NET behaves as on macOS.
#define _GNU_SOURCE
#include "sockets.h"

int socket(int family, int type, int protocol) { return xnu_socket(family, type, protocol); }
int accept(int fd, struct sockaddr *address, socklen_t *length) { return xnu_accept(fd, address, length, 0); }
int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) { return xnu_accept(fd, address, length, flags); }
int connect(int fd, const struct sockaddr *address, socklen_t length) { return xnu_connect(fd, address, length); }
int listen(int fd, int backlog) { return xnu_listen(fd, backlog); }
int shutdown(int fd, int how) { return xnu_shutdown(fd, how); }
ssize_t send(int fd, const void *bytes, size_t count, int flags) { return xnu_send(fd, bytes, count, flags); }
ssize_t recv(int fd, void *bytes, size_t count, int flags) { return xnu_recv(fd, bytes, count, flags); }

int getsockopt(int fd, int level, int name, void *value, socklen_t *length) { return xnu_getsockopt(fd, level, name, value, length); }

int setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    return xnu_setsockopt(fd, level, name, value, length);
}
