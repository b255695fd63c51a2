// The libSystem calls that FastGate makes by P/Invoke on a Mac, with macOS's constants and layouts (xnu: bsd/sys/errno.h,
// socket.h, fcntl.h, bsd/netinet/in.h, in6.h, tcp.h), so that a wrong constant in the program fails a test.
#define _GNU_SOURCE
#include "sockets.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's headers declare these names with Linux's types.
#define EXPORT(type, name, ...) type mac_##name(__VA_ARGS__) __asm__(#name); type mac_##name(__VA_ARGS__)

struct mac_in { uint8_t length, family; uint16_t port; struct in_addr address; char zero[8]; };
struct mac_in6 { uint8_t length, family; uint16_t port; uint32_t flow; struct in6_addr address; uint32_t scope; };
enum { MAC_INET = 2, MAC_INET6 = 30, MAC_NONBLOCK = 4 };

static const struct { int linux_number, mac_number; } errors[] = {
    { EAGAIN, 35 }, { EINPROGRESS, 36 }, { EALREADY, 37 }, { ENOTSOCK, 38 }, { EDESTADDRREQ, 39 }, { EMSGSIZE, 40 },
    { EPROTOTYPE, 41 }, { ENOPROTOOPT, 42 }, { EPROTONOSUPPORT, 43 }, { EAFNOSUPPORT, 47 }, { EADDRINUSE, 48 },
    { EADDRNOTAVAIL, 49 }, { ENETDOWN, 50 }, { ENETUNREACH, 51 }, { ENETRESET, 52 }, { ECONNABORTED, 53 },
    { ECONNRESET, 54 }, { ENOBUFS, 55 }, { EISCONN, 56 }, { ENOTCONN, 57 }, { ETIMEDOUT, 60 }, { ECONNREFUSED, 61 },
    { EHOSTDOWN, 64 }, { EHOSTUNREACH, 65 }, { EOPNOTSUPP, 102 },
};

// XNU_VARIADIC=lost: fcntl's variadic argument is lost, as with a wrong calling convention.
static int lost;

__attribute__((constructor)) static void start(void) {
    const char *variadic = getenv("XNU_VARIADIC");
    lost = variadic && !strcmp(variadic, "lost");
}

static int number(int error) {
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++) if (errors[i].linux_number == error) return errors[i].mac_number;
    return error; // up to 34 they are equal
}

static long told(long result) {
    if (result < 0) errno = number(errno);
    return result;
}

static int fail(int error) {
    errno = error;
    return -1;
}

// Every option that FastGate sets or reads; any other is an error.
static int option(int *level, int *name) {
    if (*level == IPPROTO_TCP) {
        *name = *name == 1 ? TCP_NODELAY : *name == 0x10 ? TCP_KEEPIDLE : *name == 0x101 ? TCP_KEEPINTVL : *name == 0x102 ? TCP_KEEPCNT : -1;
    } else if (*level == 0xffff) {
        *level = SOL_SOCKET;
        *name = *name == 0x0008 ? SO_KEEPALIVE : *name == 0x0080 ? SO_LINGER : *name == 0x1001 ? SO_SNDBUF : *name == 0x1002 ? SO_RCVBUF
            : *name == 0x1007 ? SO_ERROR : *name == 0x1022 ? 0 : -1;
    } else *name = -1;
    return *name;
}

EXPORT(int, socket, int family, int type, int protocol) {
    if (type & ~0xf) return fail(43); // SOCK_NONBLOCK and SOCK_CLOEXEC exist only on Linux
    return (int)told(xnu_socket(family == MAC_INET6 ? AF_INET6 : family, type, protocol));
}

EXPORT(int, accept, int listener, void *address, socklen_t *length) {
    struct sockaddr_in6 peer = { 0 };
    socklen_t size = sizeof peer;
    // O_NONBLOCK is inherited from the listener, close-on-exec is not.
    int flags = (int)syscall(SYS_fcntl, listener, F_GETFL) & O_NONBLOCK ? SOCK_NONBLOCK : 0;
    int fd = xnu_accept(listener, (struct sockaddr *)&peer, &size, flags);
    if (fd < 0) return (int)told(fd);
    struct mac_in6 six = { sizeof six, MAC_INET6, peer.sin6_port, peer.sin6_flowinfo, peer.sin6_addr, peer.sin6_scope_id };
    struct mac_in four = { sizeof four, MAC_INET, peer.sin6_port, ((struct sockaddr_in *)&peer)->sin_addr, { 0 } };
    if (size) size = peer.sin6_family == AF_INET6 ? sizeof six : sizeof four;
    memcpy(address, peer.sin6_family == AF_INET6 ? (void *)&six : &four, size < *length ? size : *length);
    *length = size;
    return fd;
}

EXPORT(int, getsockname, int fd, void *address, socklen_t *length) {
    struct sockaddr_in6 own = { 0 };
    socklen_t size = sizeof own;
    if (syscall(SYS_getsockname, fd, &own, &size) < 0) return (int)told(-1);
    struct mac_in6 six = { sizeof six, MAC_INET6, own.sin6_port, own.sin6_flowinfo, own.sin6_addr, own.sin6_scope_id };
    struct mac_in four = { sizeof four, MAC_INET, own.sin6_port, ((struct sockaddr_in *)&own)->sin_addr, { 0 } };
    size = own.sin6_family == AF_INET6 ? sizeof six : sizeof four;
    memcpy(address, own.sin6_family == AF_INET6 ? (void *)&six : &four, size < *length ? size : *length);
    *length = size;
    return 0;
}

EXPORT(int, connect, int fd, const void *address, socklen_t length) {
    const struct mac_in6 *six = address;
    const struct mac_in *four = address;
    if (six->family == MAC_INET6 && length == sizeof *six) {
        struct sockaddr_in6 to = { AF_INET6, six->port, six->flow, six->address, six->scope };
        return (int)told(xnu_connect(fd, (struct sockaddr *)&to, sizeof to));
    }
    if (four->family != MAC_INET || length != sizeof *four) return fail(47);
    struct sockaddr_in to = { AF_INET, four->port, four->address, { 0 } };
    return (int)told(xnu_connect(fd, (struct sockaddr *)&to, sizeof to));
}

// Apple silicon passes variadic arguments on the stack, after the eight registers. To a function without variadic
// arguments, it is the ninth argument there and the third elsewhere.
#ifdef __aarch64__
EXPORT(int, fcntl, int fd, int command, long a, long b, long c, long d, long e, long f, long value) {
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
#else
EXPORT(int, fcntl, int fd, int command, long value) {
#endif
    if (lost && (command == F_SETFL || command == F_SETFD)) return 0;
    if (command == F_SETFL) value = value & MAC_NONBLOCK ? O_NONBLOCK : 0;
    long result = told(syscall(SYS_fcntl, fd, command, value));
    return command == F_GETFL && result >= 0 ? (result & O_ACCMODE) | (result & O_NONBLOCK ? MAC_NONBLOCK : 0) : (int)result;
}

EXPORT(int, setsockopt, int fd, int level, int name, const void *value, socklen_t length) {
    int which = option(&level, &name);
    if (which < 0) return fail(42);
    return which == 0 ? 0 : (int)told(xnu_setsockopt(fd, level, name, value, length));
}

EXPORT(int, getsockopt, int fd, int level, int name, void *value, socklen_t *length) {
    if (option(&level, &name) <= 0) return fail(42);
    int result = (int)told(xnu_getsockopt(fd, level, name, value, length));
    if (result == 0 && level == SOL_SOCKET && name == SO_ERROR) *(int *)value = number(*(int *)value);
    return result;
}

EXPORT(int, shutdown, int fd, int how) { return (int)told(xnu_shutdown(fd, how)); }
EXPORT(ssize_t, send, int fd, const void *bytes, size_t count, int flags) { return flags ? fail(22) : told(xnu_send(fd, bytes, count, 0)); }
EXPORT(ssize_t, recv, int fd, void *bytes, size_t count, int flags) { return flags ? fail(22) : told(xnu_recv(fd, bytes, count, 0)); }
EXPORT(int, close, int fd) { return (int)told(syscall(SYS_close, fd)); }
