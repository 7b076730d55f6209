/* chroot: absolute paths and absolute links are those of the new root. */
#include "expect.h"
#include <fcntl.h>

int main(void) {
  EXPECT(chroot("/cases/change-root/to-jail") == 0);
  EXPECT(chdir("/") == 0);
  EXPECT(HOLDS(open("/etc/inside", O_RDONLY), "inside"));
  EXPECT(HOLDS(open("/absolute", O_RDONLY), "inside"));
  EXPECT(HOLDS(open("../../../etc/inside", O_RDONLY), "inside"));
  EXPECT(HOLDS(open("relative-only", O_RDONLY), "relative-only"));
  OK();
}
