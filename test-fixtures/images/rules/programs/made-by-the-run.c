/* ENOENT first, made later; deleted and made again; truncated; a file and a directory renamed. */
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>

#define AT "/cases/made-by-the-run"

int main(void) {
  EXPECT(open(AT "/later", O_RDONLY) < 0 && errno == ENOENT);
  EXPECT(write(open(AT "/later", O_CREAT | O_WRONLY, 0600), "later", 5) == 5);
  EXPECT(HOLDS(open(AT "/later", O_RDONLY), "later"));

  EXPECT(HOLDS(open(AT "/deleted", O_RDONLY), "first"));
  EXPECT(unlink(AT "/deleted") == 0);
  EXPECT(write(open(AT "/deleted", O_CREAT | O_EXCL | O_WRONLY, 0600), "second", 6) == 6);
  EXPECT(HOLDS(open(AT "/deleted", O_RDONLY), "second"));

  EXPECT(write(open(AT "/truncated", O_TRUNC | O_WRONLY), "new", 3) == 3);
  EXPECT(unlink(AT "/unlinked-unread") == 0);

  EXPECT(rename(AT "/old-name", AT "/new-name") == 0);
  EXPECT(HOLDS(open(AT "/new-name", O_RDONLY), "renamed"));
  /* overlayfs refuses to rename a directory of the image (EXDEV), other storage drivers do it. */
  int renamed = rename(AT "/old-directory", AT "/new-directory") == 0;
  EXPECT(renamed || errno == EXDEV);
  EXPECT(chdir(renamed ? AT "/new-directory" : AT "/old-directory") == 0);
  EXPECT(HOLDS(open("sub/file", O_RDONLY), "in renamed"));
  EXPECT(HOLDS(open("relative", O_RDONLY), "relative"));
  EXPECT(mkdir(AT "/made-old", 0755) == 0 && rename("relative", AT "/made-old/relative") == 0);
  EXPECT(rename(AT "/made-old", AT "/made-new") == 0);
  EXPECT(HOLDS(open(AT "/made-new/relative", O_RDONLY), "relative"));

  EXPECT(mkdir(AT "/made", 0755) == 0 && symlink("../source", AT "/made/link") == 0);
  EXPECT(HOLDS(open(AT "/made/link", O_RDONLY), "source"));
  EXPECT(link(AT "/linked", AT "/made/hard") == 0);
  EXPECT(HOLDS(open(AT "/made/hard", O_RDONLY), "linked"));
  OK();
}
