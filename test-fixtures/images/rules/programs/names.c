/* Names with blanks, newlines, quotes, backslashes, of UTF-8 and of bytes that are none. */
#include "expect.h"
#include <fcntl.h>

static const char *const NAMES[] = {
  " blank ", "new\nline", "tab\tbed", "quotes'\"`", "back\\slash\\n", "caf\303\251", "\343\203\207", "bytes\377\376",
  "-rf", "*?[x]{y}", "#hash", "$HOME", "%s", "\001\033[31m", "...", "~",
};

int main(void) {
  for (size_t index = 0; index < sizeof NAMES / sizeof *NAMES; index++) {
    char path[256];
    snprintf(path, sizeof path, "/cases/names/%s/%s", NAMES[index], NAMES[index]);
    EXPECT(HOLDS(open(path, O_RDONLY), "named"));
  }
  OK();
}
