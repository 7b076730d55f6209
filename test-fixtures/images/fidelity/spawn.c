/* A child by vfork and one by posix_spawn; each shows a file. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(void) {
  char *first[] = {"cat", "/fidelity/data/1", NULL};
  char *second[] = {"cat", "/fidelity/data/2", NULL};
  int status;
  pid_t child = vfork();
  if (child == 0) {
    execv("/bin/cat", first);
    _exit(127);
  }
  waitpid(child, &status, 0);
  if (status != 0 || posix_spawn(&child, "/bin/cat", NULL, NULL, second, environ) != 0) return 1;
  waitpid(child, &status, 0);
  return status != 0;
}
