// The other half of the layer: what the outside is told. An entry stands before its bytes leave.
#define _GNU_SOURCE
#include "faultfs_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

void faultfs_mark_answer(int fd, void const* bytes, size_t size)
{
    static char const head[] = "HTTP/1.1 2";
    if (!faultfs_recording() || fd < 0 || fd >= faultfs_descriptors || faultfs_table[fd].handle)
        return;
    uint64_t const asked = faultfs_table[fd].asked;
    if (asked && size > sizeof head && memcmp(bytes, head, sizeof head - 1) == 0)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_answered, .offset = asked}, NULL);
    static char const echo[] = "\"biz_opaque_callback_data\":\"";
    char const* found = memmem(bytes, size, echo, sizeof echo - 1);
    if (!found)
        return;
    char const* token = found + sizeof echo - 1;
    char const* end = memchr(token, '"', size - (size_t)(token - (char const*)bytes));
    if (end)
        faultfs_write_down((struct faultfs_entry){.kind = faultfs_sent, .size = (uint64_t)(end - token)}, token);
}

static void note_question(int fd, void const* bytes, ssize_t size)
{
    static char const name[] = "\r\nX-Storm: ";
    if (!faultfs_recording() || size <= 0 || fd < 0 || fd >= faultfs_descriptors)
        return;
    char const* found = memmem(bytes, (size_t)size, name, sizeof name - 1);
    if (found)
        faultfs_table[fd].asked = strtoull(found + sizeof name - 1, NULL, 10);
}

ssize_t send(int fd, void const* bytes, size_t size, int flags)
{
    NEXT(send);
    faultfs_mark_answer(fd, bytes, size);
    return next(fd, bytes, size, flags);
}

ssize_t sendmsg(int fd, struct msghdr const* message, int flags)
{
    NEXT(sendmsg);
    for (size_t i = 0; i < message->msg_iovlen; ++i)
        faultfs_mark_answer(fd, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
    return next(fd, message, flags);
}

ssize_t recv(int fd, void* bytes, size_t size, int flags)
{
    NEXT(recv);
    ssize_t const got = next(fd, bytes, size, flags);
    note_question(fd, bytes, got);
    return got;
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags)
{
    NEXT(recvmsg);
    ssize_t const got = next(fd, message, flags);
    if (got > 0 && message->msg_iovlen > 0) {
        size_t const first = message->msg_iov[0].iov_len;
        note_question(fd, message->msg_iov[0].iov_base, (size_t)got < first ? got : (ssize_t)first);
    }
    return got;
}
