// XNU's socket calls, where they differ, over Linux's system calls. Constants (errno, options, families) are Linux's;
// system.c translates them for callers that use macOS's.
#ifndef SOCKETS_H
#define SOCKETS_H
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

// Everything is exported, so that a preloaded copy and the one in libSystem.so share one state.
int xnu_socket(int family, int type, int protocol);
int xnu_accept(int listener, struct sockaddr *address, socklen_t *length, int flags);
int xnu_connect(int fd, const struct sockaddr *address, socklen_t length);
int xnu_listen(int fd, int backlog);
int xnu_shutdown(int fd, int how);
int xnu_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int xnu_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
ssize_t xnu_send(int fd, const void *bytes, size_t count, int flags);
ssize_t xnu_recv(int fd, void *bytes, size_t count, int flags);

// Queries of the queue.
int xnu_tcp_state(int fd, unsigned *backlog); // -1 if fd is not a TCP socket
int xnu_poll(int fd);                         // poll(2)'s current events
int xnu_pending_error(int fd);                // so_error, not cleared
int xnu_is_fresh(int fd);                     // created and never connected
int xnu_has_shut_write(int fd);
#endif
