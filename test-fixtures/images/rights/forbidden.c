/*
 * Tries what no ordinary program needs, without a C library: writes to the root, gains rights, and calls of the kernel.
 * Its exit status is how many of them were not refused.
 */
static long call(long number, long a, long b, long c, long d) {
  long result;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
}

enum { EPERM = 1, EROFS = 30, ENOSYS = 38, CREATE = 0101, AT_FDCWD = -100, AF_PACKET = 17, NEWUSER = 0x10000000 };

static const int calls[] = {
    101 /* ptrace */,        126 /* capset */,         133 /* mknod */,          155 /* pivot_root */,
    161 /* chroot */,        165 /* mount */,          166 /* umount2 */,        169 /* reboot */,
    170 /* sethostname */,   175 /* init_module */,    227 /* clock_settime */,  246 /* kexec_load */,
    248 /* add_key */,       250 /* keyctl */,         272 /* unshare */,        298 /* perf_event_open */,
    304 /* open_by_handle */, 308 /* setns */,         310 /* process_vm_readv */, 321 /* bpf */,
    323 /* userfaultfd */,   425 /* io_uring_setup */, 435 /* clone3 */,         442 /* mount_setattr */,
};

static int isRefused(long result) { return result == -EPERM || result == -ENOSYS; }

void _start(void) {
  long done = 0;
  for (unsigned at = 0; at < sizeof calls / sizeof *calls; at++) done += !isRefused(call(calls[at], 0, 0, 0, 0));
  done += !isRefused(call(41 /* socket */, AF_PACKET, 3, 0, 0));
  done += !isRefused(call(56 /* clone */, NEWUSER, 0, 0, 0));
  done += call(257 /* openat */, AT_FDCWD, (long)"/written", CREATE, 0644) != -EROFS;
  for (;;) call(231 /* exit_group */, done, 0, 0, 0);
}
