/* The sticky /tmp that everybody may write to, and a folder of the user's own. Run as uid 1000. */
#include "expect.h"
#include <fcntl.h>
#include <sys/stat.h>

int main(void) {
  struct stat status;
  EXPECT(stat("/tmp", &status) == 0 && (status.st_mode & 07777) == 01777);
  char name[] = "/tmp/made-XXXXXX";
  EXPECT(mkstemp(name) >= 0);
  EXPECT(close(open("/cases/temporary-files/own/new", O_CREAT | O_EXCL | O_WRONLY, 0600)) == 0);
  EXPECT(open("/cases/temporary-files/not-own/new", O_CREAT | O_EXCL | O_WRONLY, 0600) < 0 && errno == EACCES);
  OK();
}
