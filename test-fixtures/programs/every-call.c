/*
 * Every system call by number, each with several sets of arguments: nothing, pointers to zeros, to text, to
 * noise, small numbers, and all ones. What they do does not matter; what strace prints for them does. Runs as
 * nobody, each call in a child of its own that an alarm ends.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls that stop, end or signal others, or never return. */
static const long left_out[] = {
    SYS_rt_sigreturn, SYS_pause, SYS_fork, SYS_vfork, SYS_clone, SYS_clone3, SYS_exit, SYS_exit_group,
    SYS_kill, SYS_tkill, SYS_tgkill, SYS_ptrace, SYS_rt_sigsuspend, SYS_reboot, SYS_vhangup, SYS_sync,
    SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_syncfs, SYS_setsid,
};

static unsigned char zeros[65536], noise[65536], text[65536], small[65536];

static int is_left_out(long number) {
  for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
    if (left_out[i] == number) return 1;
  return 0;
}

int main(int argc, char **argv) {
  long first = argc > 1 ? atol(argv[1]) : 0, last = argc > 2 ? atol(argv[2]) : 470;
  unsigned seed = 12345;
  for (size_t i = 0; i < sizeof noise; i++) noise[i] = (seed = seed * 1103515245 + 12345) >> 16;
  for (size_t i = 0; i < sizeof text; i++) text[i] = i % 24 == 23 ? 0 : "/tmp/no such <file>\n\"x\"!"[i % 24];
  for (size_t i = 0; i < sizeof small; i += 8) small[i] = 1 + i / 8 % 20;
  if (getuid() == 0) {
    if (setgroups(0, NULL) || setgid(65534) || setuid(65534)) return 1;
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  setpgid(0, 0);
  if (chdir("/tmp")) return 1;
  struct rlimit files = {0, 0};
  setrlimit(RLIMIT_FSIZE, &files);
  for (long number = first; number <= last; number++) {
    if (is_left_out(number)) continue;
    pid_t child = fork();
    if (child == 0) {
      signal(SIGXFSZ, SIG_IGN);
      struct itimerval limit = {{0, 0}, {0, 60000}};
      setitimer(ITIMER_REAL, &limit, NULL);
      close(0), close(1), close(2);
      long z = (long)zeros, n = (long)noise, t = (long)text, s = (long)small;
      syscall(number, 0, 0, 0, 0, 0, 0);
      syscall(number, 1, s, s, s, s, s);
      syscall(number, t, t + 24, 10, t, 1, t);
      syscall(number, -100, t, z, 0x100, n, 8);
      syscall(number, z, z, z, z, z, z);
      syscall(number, 1, n, 64, n + 64, 1, n + 128);
      syscall(number, n, 96, n, n, n, n);
      syscall(number, 3, 1, s, n, 2, t);
      syscall(number, 5, 2, n, 4, z, 16);
      syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);
      syscall(number, 7, 0x5401 + number % 64, s, 0x802, 3, 1);
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
  }
  return 0;
}
