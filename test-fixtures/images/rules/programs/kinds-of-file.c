/* Files that are empty, sparse, of mode 0000; a FIFO, an empty directory, odd modes and owners. */
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>

#define AT "/cases/kinds-of-file"

int main(void) {
  struct stat status;
  EXPECT(stat(AT "/empty", &status) == 0 && status.st_size == 0);
  EXPECT(stat(AT "/sparse", &status) == 0 && status.st_size == 64 * 1024 * 1024);
  EXPECT(stat(AT "/mode-0000", &status) == 0 && (status.st_mode & 07777) == 0);
  EXPECT(stat(AT "/fifo", &status) == 0 && S_ISFIFO(status.st_mode));
  EXPECT(open(AT "/fifo", O_WRONLY | O_NONBLOCK) < 0 && errno == ENXIO);
  EXPECT(stat(AT "/empty-directory", &status) == 0 && S_ISDIR(status.st_mode));
  EXPECT(stat(AT "/setuid", &status) == 0 && (status.st_mode & 07777) == 04755);
  EXPECT(stat(AT "/setgid-directory", &status) == 0 && (status.st_mode & 07777) == 02775);
  EXPECT(stat(AT "/owned", &status) == 0 && status.st_uid == 1234 && status.st_gid == 4321);
  EXPECT(status.st_mtime == 981173106);
  OK();
}
