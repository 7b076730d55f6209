/* openat, fstatat and readlinkat on a directory descriptor, also one that was duplicated and one that was inherited. */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

int main(void) {
  int directory = open("/cases/directory-descriptor/a", O_RDONLY | O_DIRECTORY);
  EXPECT(HOLDS(openat(directory, "file", O_RDONLY), "file"));
  int copy = fcntl(directory, F_DUPFD_CLOEXEC, 100);
  close(directory);
  struct stat status;
  EXPECT(fstatat(copy, "../b/looked-at", &status, 0) == 0);
  char target[64] = {0};
  EXPECT(readlinkat(copy, "link", target, sizeof target) > 0 && strcmp(target, "nowhere") == 0);
  pid_t child = fork();
  if (child == 0) {
    int below = openat(copy, "below", O_PATH | O_DIRECTORY);
    EXPECT(HOLDS(openat(below, "deep", O_RDONLY), "deep"));
    _exit(0);
  }
  int ended;
  EXPECT(waitpid(child, &ended, 0) == child && ended == 0);
  OK();
}
