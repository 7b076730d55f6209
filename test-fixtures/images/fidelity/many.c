/* Three hundred short processes, one after the other; each opens a file. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int failed = 0;
  for (int at = 0; at < 300; at++) {
    pid_t child = fork();
    if (child == 0) {
      char path[64];
      snprintf(path, sizeof path, "/fidelity/data/%d", at % 50 + 1);
      _exit(open(path, O_RDONLY) < 0);
    }
    int status;
    waitpid(child, &status, 0);
    failed += status != 0;
  }
  printf("%d processes failed\n", failed);
  return failed != 0;
}
