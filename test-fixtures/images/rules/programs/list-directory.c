/* Lists a directory, prints the sorted names, reads one of them: the others matter by name only. */
#include "expect.h"
#include <dirent.h>
#include <fcntl.h>

#define AT "/cases/list-directory/many"

int main(void) {
  struct dirent **entries;
  int count = scandir(AT, &entries, NULL, alphasort);
  EXPECT(count > 0);
  for (int index = 0; index < count; index++) puts(entries[index]->d_name);
  EXPECT(HOLDS(open(AT "/chosen", O_RDONLY), "chosen"));
  EXPECT(count == 8);
  OK();
}
