/* Links: absolute, relative, through directories, forty in a row, `..` after a link, and to nothing. */
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>

#define AT "/cases/link-chains"

int main(void) {
  struct stat status;
  EXPECT(HOLDS(open(AT "/absolute", O_RDONLY), "target"));
  EXPECT(HOLDS(open(AT "/relative", O_RDONLY), "target"));
  EXPECT(HOLDS(open(AT "/to-directory/file", O_RDONLY), "file"));
  EXPECT(HOLDS(open(AT "/to-directory/../sibling", O_RDONLY), "sibling"));
  EXPECT(HOLDS(open(AT "/chain-40", O_RDONLY), "end"));
  EXPECT(open(AT "/chain-41", O_RDONLY) < 0 && errno == ELOOP);
  EXPECT(lstat(AT "/dangling", &status) == 0 && S_ISLNK(status.st_mode));
  EXPECT(stat(AT "/dangling", &status) < 0 && errno == ENOENT);
  char *real = realpath(AT "/to-directory/../through/file", NULL);
  EXPECT(real != NULL && strcmp(real, AT "/deep/er/directory/file") == 0);
  OK();
}
