/* Execute: oneself through /proc/self/exe, through a directory descriptor, through a descriptor, a script likewise. */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define AT "/cases/execute-again"

static int run(int descriptor, const char *path, int flags) {
  char *argv[] = {"again", "child", NULL}, *environment[] = {NULL};
  pid_t child = fork();
  if (child == 0) {
    syscall(SYS_execveat, descriptor, path, argv, environment, flags);
    _exit(99);
  }
  int status;
  return waitpid(child, &status, 0) == child ? status : -1;
}

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) return 0;
  EXPECT(run(AT_FDCWD, "/proc/self/exe", 0) == 0);
  int directory = open(AT "/directory", O_PATH);
  EXPECT(run(directory, "program", 0) == 0);
  EXPECT(run(open(AT "/by-descriptor", O_PATH), "", AT_EMPTY_PATH) == 0);
  EXPECT(run(directory, "script", 0) == 0);
  OK();
}
