/* A setuid program that a plain user starts: it has root's rights, and gives them up. Run as uid 1000. */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>

#define AT "/cases/gain-rights"

int main(void) {
  EXPECT(getuid() == 1000 && geteuid() == 0);
  EXPECT(HOLDS(open(AT "/of-root", O_RDONLY), "of root"));
  EXPECT(seteuid(getuid()) == 0);
  EXPECT(open(AT "/of-root", O_RDONLY) < 0 && errno == EACCES);
  EXPECT(HOLDS(open(AT "/of-user", O_RDONLY), "of user"));
  OK();
}
