// Behaviour follows XNU 11417.101.15: bsd/kern/uipc_socket.c (sosendcheck, soreceive, sosetopt), bsd/kern/uipc_syscalls.c
// (accept_nocancel, connectit), bsd/netinet/tcp_usrreq.c (tcp_usr_accept, tcp6_usr_accept).
//
// XNU_ACCEPT0=all: IPv4 peers that are gone also have no address (macOS before 14).
#define _GNU_SOURCE
#include "sockets.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DESCRIPTORS 65536

// State that XNU keeps in struct socket and Linux does not expose. The inode shows whether fd is still the same socket.
struct kept { ino_t inode; unsigned char fresh, shut_write; int error; };

static struct kept table[DESCRIPTORS];
static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static int spare = -1; // lets accept take and drop a connection when the process has no descriptor left
static int all_families;

__attribute__((constructor)) static void start(void) {
    const char *accept0 = getenv("XNU_ACCEPT0");
    all_families = accept0 && !strcmp(accept0, "all");
    spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static struct kept *kept(int fd) {
    static __thread struct kept none;
    struct stat s;
    memset(&none, 0, sizeof none);
    if (fd < 0 || fd >= DESCRIPTORS || fstat(fd, &s) != 0) return &none;
    if (table[fd].inode != s.st_ino) table[fd] = (struct kept){ .inode = s.st_ino };
    return &table[fd];
}

static int option(int fd, int level, int name, void *value, socklen_t *length) {
    return (int)syscall(SYS_getsockopt, fd, level, name, value, length);
}

int xnu_tcp_state(int fd, unsigned *backlog) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    memset(&info, 0, sizeof info);
    if (option(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -1;
    if (backlog) *backlog = info.tcpi_unacked;
    return info.tcpi_state;
}

int xnu_poll(int fd) {
    struct pollfd one = { fd, POLLIN | POLLOUT | POLLRDHUP, 0 };
    return poll(&one, 1, 0) < 0 ? 0 : one.revents;
}

// Linux clears the error when it is read; from then on it is stored here.
int xnu_pending_error(int fd) {
    struct kept *k = kept(fd);
    int error = 0;
    socklen_t length = sizeof error;
    if (!k->error && option(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0) k->error = error;
    return k->error;
}

int xnu_is_fresh(int fd) { return kept(fd)->fresh; }
int xnu_has_shut_write(int fd) { return kept(fd)->shut_write; }

int xnu_socket(int family, int type, int protocol) {
    int fd = (int)syscall(SYS_socket, family, type, protocol);
    if (fd >= 0) kept(fd)->fresh = (family == AF_INET || family == AF_INET6) && (type & 0xf) == SOCK_STREAM;
    return fd;
}

int xnu_accept(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    int fd = (int)syscall(SYS_accept4, listener, address, length, flags);
    if (fd < 0) {
        // XNU takes the connection from the backlog first, and drops it if there is no descriptor.
        if (errno != EMFILE) return fd;
        pthread_mutex_lock(&spare_lock);
        if (spare >= 0) {
            close(spare);
            int lost = (int)syscall(SYS_accept4, listener, NULL, NULL, SOCK_CLOEXEC);
            if (lost >= 0) close(lost);
            spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
        }
        pthread_mutex_unlock(&spare_lock);
        errno = EMFILE;
        return -1;
    }
    int six = address && length && address->sa_family == AF_INET6;
    int four = address && length && address->sa_family == AF_INET;
    if ((six || (four && all_families)) && xnu_tcp_state(fd, NULL) == TCP_CLOSE) *length = 0;
    return fd;
}

// kern.ipc.somaxconn
int xnu_listen(int fd, int backlog) { return (int)syscall(SYS_listen, fd, backlog > 128 ? 128 : backlog); }

// A non-blocking connect never completes at once: even a refusal on loopback is reported by so_error.
int xnu_connect(int fd, const struct sockaddr *address, socklen_t length) {
    int type = 0, had = kept(fd)->fresh;
    socklen_t size = sizeof type;
    option(fd, SOL_SOCKET, SO_TYPE, &type, &size);
    int result = (int)syscall(SYS_connect, fd, address, length);
    int internet = address && (address->sa_family == AF_INET || address->sa_family == AF_INET6);
    if (!internet || type != SOCK_STREAM) return result;
    kept(fd)->fresh = 0;
    if (!(syscall(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK)) return result;
    if (result < 0 && errno == ECONNREFUSED) kept(fd)->error = ECONNREFUSED;
    else if (result < 0) return result;
    else if (!had) { errno = EISCONN; return -1; }
    errno = EINPROGRESS;
    return -1;
}

int xnu_shutdown(int fd, int how) {
    int result = (int)syscall(SYS_shutdown, fd, how);
    if (result == 0 && how != SHUT_RD) kept(fd)->shut_write = 1;
    return result;
}

// sosendcheck: EPIPE on a dead connection, whose error remains for the receiver.
ssize_t xnu_send(int fd, const void *bytes, size_t count, int flags) {
    ssize_t result = syscall(SYS_sendto, fd, bytes, count, flags | MSG_NOSIGNAL, NULL, 0);
    if (result < 0 && (errno == ECONNRESET || errno == ETIMEDOUT)) {
        kept(fd)->error = errno;
        errno = EPIPE;
    }
    return result;
}

ssize_t xnu_recv(int fd, void *bytes, size_t count, int flags) {
    ssize_t result = syscall(SYS_recvfrom, fd, bytes, count, flags, NULL, NULL);
    if (result > 0 || (result < 0 && (errno == EAGAIN || errno == EINTR))) return result;
    int found = result < 0 ? errno : 0;
    struct kept *k = kept(fd);
    if (result == 0 && count && k->error) found = k->error;
    if (!(flags & MSG_PEEK)) k->error = 0;
    if (!found) return 0;
    errno = found;
    return -1;
}

int xnu_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    int result = option(fd, level, name, value, length);
    if (result == 0 && level == SOL_SOCKET && name == SO_ERROR) {
        struct kept *k = kept(fd);
        if (*(int *)value == 0) *(int *)value = k->error;
        k->error = 0;
    }
    return result;
}

// sosetopt: EINVAL once nothing can be sent or received.
int xnu_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    int state = xnu_is_fresh(fd) ? -1 : xnu_tcp_state(fd, NULL);
    int ended = xnu_has_shut_write(fd) && (xnu_poll(fd) & POLLRDHUP);
    if (state >= 0 && state != TCP_LISTEN && (state == TCP_CLOSE || ended)) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_setsockopt, fd, level, name, value, length);
}
