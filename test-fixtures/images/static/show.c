/* Print a file, and one line of /proc/self/status where a second argument names it. */
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments) {
  FILE *file = fopen(arguments[1], "r");
  char line[4096];
  if (file == NULL) return perror(arguments[1]), 1;
  while (fgets(line, sizeof line, file))
    if (count < 3 || strncmp(line, arguments[2], strlen(arguments[2])) == 0) fputs(line, stdout);
  return 0;
}
