/* A grandchild in a session of its own opens a file after its parent has gone; process 1 awaits its word. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int word[2];
  char byte = 0;
  if (pipe(word) != 0) return 1;
  pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    usleep(50 * 1000);
    byte = open("/fidelity/data/7", O_RDONLY) >= 0 ? '1' : '0';
    if (write(word[1], &byte, 1) != 1) _exit(1);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  if (read(word[0], &byte, 1) != 1) return 1;
  printf("grandchild says %c\n", byte);
  return 0;
}
