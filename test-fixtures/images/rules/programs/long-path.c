/* A path of some 3,000 bytes, absolute and by relative steps; a name of 255. */
#include "expect.h"
#include <fcntl.h>

int main(void) {
  char name[200], path[4096] = "/cases/long-path";
  memset(name, 'd', sizeof name);
  name[0] = '/';
  name[199] = 0;
  for (int index = 0; index < 15; index++) strcat(path, name);
  strcat(path, "/file");
  EXPECT(strlen(path) > 3000);
  EXPECT(HOLDS(open(path, O_RDONLY), "deep"));
  char longest[300] = "/cases/long-path/";
  memset(longest + strlen(longest), 'n', 255);
  EXPECT(HOLDS(open(longest, O_RDONLY), "longest"));
  OK();
}
