/* Files that are only looked at, or asked about, in each way that does not open them. */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define AT "/cases/stat-only"

int main(void) {
  struct stat status;
  struct statx more;
  char text[64];
  EXPECT(stat(AT "/stat", &status) == 0);
  EXPECT(lstat(AT "/lstat", &status) == 0 && S_ISLNK(status.st_mode));
  EXPECT(statx(AT_FDCWD, AT "/statx", 0, STATX_BASIC_STATS, &more) == 0);
  EXPECT(access(AT "/access", R_OK) == 0);
  EXPECT(readlink(AT "/no-link", text, sizeof text) < 0 && errno == EINVAL);
  EXPECT(getxattr(AT "/no-attribute", "user.none", text, sizeof text) < 0 && errno != ENOENT);
  EXPECT(mkdir(AT "/directory", 0755) < 0 && errno == EEXIST);
  EXPECT(open(AT "/file/below", O_RDONLY) < 0 && errno == ENOTDIR);
  EXPECT(open(AT "/exclusive", O_CREAT | O_EXCL | O_WRONLY, 0600) < 0 && errno == EEXIST);
  EXPECT(rmdir(AT "/not-empty") < 0 && errno == ENOTEMPTY);
  OK();
}
