/*
 * Ways to make a process and to end one: fork, vfork, clone with shared directory and descriptors, clone3,
 * threads, a thread that executes a program while the others wait, signals, a core, an exit in a thread.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/keepset-processes-XXXXXX";
static char stack[1 << 16] __attribute__((aligned(16)));

static void wait_for(pid_t child) {
  int status;
  while (waitpid(child, &status, __WALL) < 0) {}
}

static int shares_directory(void *unused) {
  (void)unused;
  if (chdir("sub")) return 1;
  dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 40);
  return 0;
}

static void *opens_files(void *name) {
  for (int i = 0; i < 50; i++) {
    int fd = open(name, O_RDONLY);
    if (fd >= 0) close(fd);
  }
  return NULL;
}

static void *sleeps(void *unused) {
  (void)unused;
  for (;;) pause();
  return NULL;
}

static void *executes(void *program) {
  usleep(20000);
  execl(program, program, "after a thread's execve", (char *)NULL);
  return NULL;
}

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
}

int main(void) {
  if (mkdtemp(directory) == NULL || chdir(directory)) return 1;
  mkdir("sub", 0755);
  close(open("sub/file", O_RDWR | O_CREAT, 0644));

  pid_t child = fork();
  if (child == 0) {
    if (chdir("sub")) _exit(1);
    int fd = open("file", O_RDONLY);
    fcntl(fd, F_DUPFD, 30);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    execl("/bin/true", "true", (char *)NULL);
    _exit(127);
  }
  wait_for(child);

  child = vfork();
  if (child == 0) {
    execl("/nonexistent/program", "program", (char *)NULL);
    execl("/bin/echo", "echo", "from a vfork", (char *)NULL);
    _exit(127);
  }
  wait_for(child);

  wait_for(clone(shares_directory, stack + sizeof stack, CLONE_FS | CLONE_FILES | SIGCHLD, NULL));
  close(open("file", O_RDONLY));
  if (chdir("..")) return 1;

  struct clone_args args = {.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
  child = syscall(SYS_clone3, &args, sizeof args);
  if (child == 0) _exit(access("sub/file", R_OK));
  if (child > 0) wait_for(child);

  pthread_t threads[4];
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, opens_files, "sub/file");
  opens_files("sub/missing");
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);

  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGRTMIN + 3, &action, NULL);
  raise(SIGUSR1);
  union sigval value = {.sival_int = 77};
  sigqueue(getpid(), SIGRTMIN + 3, value);
  sigset_t set;
  sigfillset(&set);
  sigdelset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, NULL);
  sigprocmask(SIG_UNBLOCK, &set, NULL);

  child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  usleep(10000);
  kill(child, SIGSTOP);
  usleep(10000);
  kill(child, SIGCONT);
  kill(child, SIGKILL);
  wait_for(child);

  child = fork();
  if (child == 0) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    *(volatile int *)8 = 1;
  }
  wait_for(child);

  child = fork();
  if (child == 0) {
    pthread_t thread;
    pthread_create(&thread, NULL, sleeps, NULL);
    usleep(10000);
    exit(42);
  }
  wait_for(child);

  pthread_t thread;
  pthread_create(&threads[0], NULL, sleeps, NULL);
  pthread_create(&threads[1], NULL, sleeps, NULL);
  unlink("sub/file");
  rmdir("sub");
  if (chdir("/")) return 1;
  rmdir(directory);
  pthread_create(&thread, NULL, executes, "/bin/echo");
  pause();
  return 0;
}
