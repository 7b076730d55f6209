/* A file of which only the second name is used, and two names that must stay one file. */
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>

#define AT "/cases/hard-links"

int main(void) {
  struct stat one, two;
  EXPECT(HOLDS(open(AT "/second-name", O_RDONLY), "content"));
  EXPECT(stat(AT "/pair-a", &one) == 0 && stat(AT "/pair-b", &two) == 0);
  EXPECT(one.st_ino == two.st_ino);
  EXPECT(HOLDS(open(AT "/pair-b", O_RDONLY), "pair"));
  OK();
}
