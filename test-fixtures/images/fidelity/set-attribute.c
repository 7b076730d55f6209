/* set-attribute FILE NAME HEX: setxattr(2) with any bytes. */
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

int main(int count, char **arguments) {
  unsigned char value[1024];
  if (count != 4) return 2;
  size_t length = strlen(arguments[3]) / 2;
  for (size_t at = 0; at < length; at++) sscanf(arguments[3] + 2 * at, "%2hhx", &value[at]);
  if (lsetxattr(arguments[1], arguments[2], value, length, 0) != 0) return perror(arguments[1]), 1;
  return 0;
}
