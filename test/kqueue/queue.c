// XNU's kqueue(2) and kevent(2) over Linux's epoll: level-triggered read and write filters on sockets, and user events.
// Anything that FastGate does not use aborts the program.
//
// Behaviour follows XNU 11417.101.15: bsd/kern/kern_event.c (kevent_register, knote_process, kevent_internal, filt_user*)
// and bsd/kern/uipc_socket.c (filt_soread_common, filt_sowrite_common).
//
// KQ_EINTR=n, or xnu_interrupt_every(n): interrupts every n-th wait that would sleep. KQ_STATS=file: writes counts at exit.
#define _GNU_SOURCE
#include "sockets.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct kevent { uintptr_t ident; int16_t filter; uint16_t flags; uint32_t fflags; intptr_t data; void *udata; };
_Static_assert(sizeof(struct kevent) == 32, "macOS, 64 bits");

enum { FILTER_READ = -1, FILTER_WRITE = -2, FILTER_USER = -10 };
enum { ADD = 1, DELETE = 2, ENABLE = 4, DISABLE = 8, ONESHOT = 0x10, CLEAR = 0x20, RECEIPT = 0x40, DISPATCH = 0x80,
       SYSTEM_FLAGS = 0xF000, FAILED = 0x4000, ENDED = 0x8000 };
#define NOTE_TRIGGER 0x01000000u
#define WAKE UINT64_MAX
#define DESCRIPTORS 65536
#define QUEUES 1024
#define NANOSECONDS 1000000000L

struct knote { struct knote *next; int queue, disabled, hot; ino_t inode; struct kevent event; };
struct queue { int fd, wake, used; struct knote *users; };

static struct knote *notes[DESCRIPTORS]; // per descriptor, for all queues
static struct queue queues[QUEUES];
static int queue_of[DESCRIPTORS];        // index + 1
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long waits, interrupted, delivered, changes, unknown;
static int interrupt_every;

void xnu_interrupt_every(int count) { interrupt_every = count; }
long xnu_interrupted(void) { return interrupted; }

static void tell(void) {
    const char *name = getenv("KQ_STATS");
    FILE *file = name && waits ? fopen(name, "a") : NULL;
    if (!file) return;
    fprintf(file, "waits %ld interrupted %ld events %ld changes %ld ENOENT %ld\n", waits, interrupted, delivered, changes, unknown);
    fclose(file);
}

__attribute__((constructor)) static void start(void) {
    const char *every = getenv("KQ_EINTR");
    if (every) interrupt_every = atoi(every);
    atexit(tell);
}

static ino_t inode_of(int fd) {
    struct stat s;
    return fstat(fd, &s) == 0 ? s.st_ino : 0;
}

static int ended(struct knote *k, struct kevent *out) {
    out->flags |= ENDED;
    out->fflags = (uint32_t)xnu_pending_error((int)k->event.ident);
    return 1;
}

// Whether the filter fires, and its event.
static int fires(struct knote *k, struct kevent *out) {
    int fd = (int)k->event.ident, ready = xnu_poll(fd), failed = (ready & POLLERR) && xnu_pending_error(fd);
    unsigned backlog = 0;
    int state = xnu_tcp_state(fd, &backlog), fresh = xnu_is_fresh(fd), count = 0;
    *out = k->event;
    out->fflags = 0;
    if (k->event.filter == FILTER_READ) {
        out->data = backlog;
        if (state == TCP_LISTEN) return (ready & POLLIN) != 0;
        ioctl(fd, FIONREAD, &count);
        out->data = count;
        int none_will_come = state < 0 ? ready & (POLLRDHUP | POLLHUP) : !fresh && ((ready & POLLRDHUP) || state == TCP_CLOSE);
        if (none_will_come) return ended(k, out);
        return failed || count > 0 || (state < 0 && (ready & POLLIN));
    }
    int room = 0;
    socklen_t length = sizeof room;
    getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &length);
    ioctl(fd, SIOCOUTQ, &count);
    out->data = room - count;
    // Also after this side's half-close, while the peer still sends.
    if (xnu_has_shut_write(fd) || (state == TCP_CLOSE && !fresh)) return ended(k, out);
    if (failed) return 1;
    return state != TCP_SYN_SENT && !(state == TCP_CLOSE && fresh) && (ready & POLLOUT);
}

static int is_current(struct knote *k) { return k->inode == inode_of((int)k->event.ident); }

// The events that epoll watches for one queue's notes on a descriptor.
static void arm(int queue, int fd) {
    struct epoll_event event = { .events = 0, .data.u64 = (uint64_t)fd };
    for (struct knote *k = notes[fd]; k; k = k->next)
        if (k->queue == queue && !k->disabled) event.events |= k->event.filter == FILTER_READ ? EPOLLIN | EPOLLRDHUP : EPOLLOUT;
    int epoll = queues[queue].fd;
    if (!event.events) epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event);
    else if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) < 0) epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void wake(struct queue *q) {
    uint64_t one = 1;
    if (write(q->wake, &one, sizeof one) < 0 && errno != EAGAIN) abort();
}

static void drop(struct knote **at) {
    struct knote *k = *at;
    *at = k->next;
    free(k);
}

static int change_user(struct queue *q, struct kevent *c) {
    struct knote **at = &q->users;
    while (*at && (*at)->event.ident != c->ident) at = &(*at)->next;
    if (!*at && !(c->flags & ADD)) return ENOENT;
    if (c->flags & DELETE) { drop(at); return 0; }
    if (!*at) { *at = calloc(1, sizeof **at); (*at)->event = *c; (*at)->event.fflags = 0; }
    (*at)->event.udata = c->udata;
    if (c->fflags & NOTE_TRIGGER) { (*at)->hot = 1; wake(q); }
    return 0;
}

static int change(int queue, struct kevent *c) {
    changes++;
    c->flags &= (uint16_t)~SYSTEM_FLAGS;
    if (c->flags & DELETE) c->flags &= (uint16_t)~ADD;
    if (c->filter == FILTER_USER) return change_user(&queues[queue], c);
    if ((c->filter != FILTER_READ && c->filter != FILTER_WRITE) || (c->flags & (CLEAR | ONESHOT | DISPATCH))) {
        fprintf(stderr, "kqueue: filter %d with flags %x is not emulated\n", c->filter, c->flags);
        abort();
    }
    int fd = (int)c->ident;
    if (fd < 0 || fd >= DESCRIPTORS) return EBADF;
    ino_t inode = inode_of(fd);
    // A close drops a descriptor's notes (knote_fdclose); here the next lookup drops them.
    for (struct knote **at = &notes[fd]; *at;) if ((*at)->inode != inode) drop(at); else at = &(*at)->next;
    struct knote **at = &notes[fd];
    while (*at && !((*at)->queue == queue && (*at)->event.filter == c->filter)) at = &(*at)->next;
    if (!*at && !(c->flags & ADD)) { unknown++; return ENOENT; }
    if (!*at && !inode) return EBADF;
    if (c->flags & DELETE) drop(at);
    else {
        if (!*at) { *at = calloc(1, sizeof **at); (*at)->queue = queue; (*at)->inode = inode; (*at)->event = *c; }
        (*at)->event.udata = c->udata;
        if (c->flags & (ENABLE | ADD | DISABLE)) (*at)->disabled = (c->flags & DISABLE) != 0;
    }
    arm(queue, fd);
    return 0;
}

// A queue was closed if its descriptor no longer watches its own eventfd.
static void sweep(void) {
    for (int i = 0; i < QUEUES; i++) {
        struct queue *q = &queues[i];
        struct epoll_event event = { .events = EPOLLIN, .data.u64 = WAKE };
        if (!q->used || epoll_ctl(q->fd, EPOLL_CTL_MOD, q->wake, &event) == 0) continue;
        for (int fd = 0; fd < DESCRIPTORS; fd++)
            for (struct knote **at = &notes[fd]; *at;) if ((*at)->queue == i) drop(at); else at = &(*at)->next;
        while (q->users) drop(&q->users);
        close(q->wake);
        queue_of[q->fd] = q->used = 0;
    }
}

int kqueue(void) {
    pthread_mutex_lock(&lock);
    sweep();
    int i = 0, fd = -1, wakes = -1, error = ENOMEM;
    while (i < QUEUES && queues[i].used) i++;
    if (i < QUEUES) {
        fd = epoll_create1(EPOLL_CLOEXEC);
        wakes = fd < 0 ? -1 : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        error = errno;
    }
    if (wakes < 0) {
        if (fd >= 0) close(fd);
        pthread_mutex_unlock(&lock);
        errno = error;
        return -1;
    }
    queues[i] = (struct queue){ .fd = fd, .wake = wakes, .used = 1 };
    queue_of[fd] = i + 1;
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = WAKE };
    epoll_ctl(fd, EPOLL_CTL_ADD, wakes, &event);
    pthread_mutex_unlock(&lock);
    return fd;
}

static int deliver_users(struct queue *q, struct kevent *events, int room) {
    uint64_t count;
    int out = 0, again = 0;
    if (read(q->wake, &count, sizeof count) < 0 && errno != EAGAIN) abort();
    for (struct knote *k = q->users; k; k = k->next) if (k->hot) {
        if (out == room) { again = 1; break; }
        events[out] = k->event;
        events[out++].fflags = 0;
        if (k->event.flags & CLEAR) k->hot = 0; else again = 1;
    }
    if (again) wake(q);
    return out;
}

static int deliver(int queue, struct epoll_event *found, int count, struct kevent *events, int room) {
    int out = 0;
    for (int i = 0; i < count && out < room; i++) {
        if (found[i].data.u64 == WAKE) { out += deliver_users(&queues[queue], events + out, room - out); continue; }
        for (struct knote *k = notes[found[i].data.u64]; k && out < room; k = k->next)
            if (k->queue == queue && !k->disabled && is_current(k) && fires(k, &events[out])) out++;
    }
    return out;
}

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NANOSECONDS + t.tv_nsec;
}

int kevent(int fd, const struct kevent *list, int count, struct kevent *events, int room, const struct timespec *timeout) {
    if (timeout && (timeout->tv_nsec < 0 || timeout->tv_nsec >= NANOSECONDS || timeout->tv_sec < 0)) { errno = EINVAL; return -1; }
    pthread_mutex_lock(&lock);
    int queue = fd >= 0 && fd < DESCRIPTORS ? queue_of[fd] - 1 : -1, out = 0, error = queue < 0 ? EBADF : 0;
    for (int i = 0; i < count && !error; i++) {
        struct kevent c = list[i];
        int problem = change(queue, &c);
        if (out < room && (problem || (c.flags & RECEIPT))) { c.flags |= FAILED; c.data = problem; events[out++] = c; }
        else error = problem;
    }
    pthread_mutex_unlock(&lock);
    if (error) { errno = error; return -1; }
    if (room <= 0 || out) return out;

    int sleeps = !timeout || timeout->tv_sec || timeout->tv_nsec;
    long number = __atomic_add_fetch(&waits, 1, __ATOMIC_RELAXED);
    if (sleeps && interrupt_every && number % interrupt_every == 0) {
        __atomic_add_fetch(&interrupted, 1, __ATOMIC_RELAXED);
        errno = EINTR;
        return -1;
    }
    long end = timeout ? now() + timeout->tv_sec * NANOSECONDS + timeout->tv_nsec : 0;
    struct epoll_event found[256];
    for (;;) {
        long left = timeout && sleeps ? end - now() : 0;
        int milliseconds = !timeout ? -1 : left <= 0 ? 0 : (int)((left + 999999) / 1000000);
        int n = epoll_wait(fd, found, room < 256 ? room : 256, milliseconds);
        if (n < 0) return -1;
        pthread_mutex_lock(&lock);
        out = deliver(queue, found, n, events, room);
        pthread_mutex_unlock(&lock);
        __atomic_add_fetch(&delivered, out, __ATOMIC_RELAXED);
        if (out || (timeout && milliseconds == 0)) return out;
        // Linux reports ready where XNU would not: check again shortly.
        if (n) nanosleep(&(struct timespec){ 0, 200000 }, NULL);
    }
}
