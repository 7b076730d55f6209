/* A data file that is reached through /proc: its descriptor, the working directory, the root. */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>

#define AT "/cases/through-proc"

int main(void) {
  char path[64];
  int handle = open(AT "/by-descriptor", O_PATH);
  snprintf(path, sizeof path, "/proc/self/fd/%d", handle);
  EXPECT(HOLDS(open(path, O_RDONLY), "by-descriptor"));
  int directory = open(AT "/directory", O_PATH);
  snprintf(path, sizeof path, "/proc/self/fd/%d/inside", directory);
  EXPECT(HOLDS(open(path, O_RDONLY), "inside"));
  EXPECT(chdir(AT) == 0);
  EXPECT(HOLDS(open("/proc/self/cwd/by-directory", O_RDONLY), "by-directory"));
  EXPECT(HOLDS(open("/proc/self/root" AT "/by-root", O_RDONLY), "by-root"));
  EXPECT(access("/proc/self/cwd/only-asked", R_OK) == 0);
  OK();
}
