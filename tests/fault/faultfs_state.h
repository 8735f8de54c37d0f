#ifndef DESKBRIDGE_TESTS_FAULTFS_STATE_H
#define DESKBRIDGE_TESTS_FAULTFS_STATE_H

#include "faultfs.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Shared by the two halves of the preloaded layer. */

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) \
        next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

enum { faultfs_descriptors = 65536 };

struct faultfs_descriptor {
    atomic_uint_fast64_t handle; /* of a file below the folder; 0: not ours */
    atomic_uint_fast64_t asked;  /* id of the request that was read from this socket */
};

#pragma GCC visibility push(hidden)
extern struct faultfs_descriptor faultfs_table[faultfs_descriptors];
bool faultfs_recording(void);
void faultfs_write_down(struct faultfs_entry entry, void const* bytes);
void faultfs_mark_answer(int fd, void const* bytes, size_t size);
#pragma GCC visibility pop

#endif
