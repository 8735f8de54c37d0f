#ifndef DESKBRIDGE_TESTS_FAULTFS_H
#define DESKBRIDGE_TESTS_FAULTFS_H

#include <stdint.h>

/* What the preloaded layer writes and what its readers share with it.

   Environment of the process under test:
     FAULTFS_FOLDER    absolute path; files below it are watched (those opened for writing, and folders, for their syncs)
     FAULTFS_RECORD    where the record goes; must stand outside the folder
     FAULTFS_FAIL      kind:n:error:how   kind: write (also ftruncate), sync, name (create, unlink, rename); n: from 1;
                       error: EIO, ENOSPC, EINTR, SHORT (half of a write), LIE (a sync that does nothing and says it
                       did), KILL (SIGKILL before the call); how: once, ever
     FAULTFS_DELAY_MS  before every sync

   The record is a sequence of entries, each with `size` bytes behind it. Entries of all threads stand in one order.
   A second process may go on with the record of one that has ended; it begins its handles and syncs at 1 again.
   What is told to the outside is in the same order: an answer 2xx to a request that carried `X-Storm: <id>`, and a
   request to the provider that carried a token, each before its bytes left. */

enum { faultfs_magic = 0x46534c46 };

enum faultfs_kind {
    faultfs_open = 1,   /* handle; offset: faultfs_is_folder…; bytes: path */
    faultfs_write,      /* handle, offset; bytes: data */
    faultfs_resize,     /* handle; offset: new size */
    faultfs_sync_begun, /* handle; offset: number of the sync */
    faultfs_sync_done,  /* the same, once it has succeeded */
    faultfs_unlink,     /* bytes: path */
    faultfs_rename,     /* bytes: from, line feed, to */
    faultfs_answered,   /* offset: the request's id */
    faultfs_sent,       /* bytes: the token */
    faultfs_fault,      /* a call failed on demand: handle; offset: which of its kind; bytes: the kind */
    faultfs_kinds
};

enum { faultfs_is_folder = 1, faultfs_created = 2, faultfs_emptied = 4 };

struct faultfs_entry {
    uint32_t magic;
    uint32_t kind;
    uint64_t handle;
    uint64_t offset;
    uint64_t size;
};

#endif
