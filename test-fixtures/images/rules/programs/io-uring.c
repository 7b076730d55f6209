/*
 * Opens a file through io_uring, where no system call shows its name; without io_uring, plainly. A tracer that
 * does not keep programs from io_uring never sees the file.
 */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define FIELD(ring, offset) ((unsigned *)((char *)(ring) + (offset)))

static int open_by_ring(const char *path) {
  struct io_uring_params params = {0};
  int ring = syscall(SYS_io_uring_setup, 1, &params);
  if (ring < 0) return open(path, O_RDONLY);
  size_t bytes = params.sq_off.array + params.sq_entries * sizeof(unsigned);
  size_t completion_bytes = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
  void *queue = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  void *done = mmap(NULL, completion_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
  struct io_uring_sqe *entries =
    mmap(NULL, params.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
  EXPECT(queue != MAP_FAILED && done != MAP_FAILED && entries != MAP_FAILED);
  memset(entries, 0, sizeof *entries);
  entries[0].opcode = IORING_OP_OPENAT;
  entries[0].fd = AT_FDCWD;
  entries[0].addr = (unsigned long)path;
  *FIELD(queue, params.sq_off.array) = 0;
  __atomic_store_n(FIELD(queue, params.sq_off.tail), 1, __ATOMIC_RELEASE);
  EXPECT(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
  struct io_uring_cqe *completion = (struct io_uring_cqe *)((char *)done + params.cq_off.cqes);
  if (completion->res < 0) errno = -completion->res;
  return completion->res;
}

int main(void) {
  EXPECT(HOLDS(open_by_ring("/cases/io-uring/file"), "ring"));
  OK();
}
