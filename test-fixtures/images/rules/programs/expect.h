/* Each case says what is amiss and ends with 1, or prints OK and ends with 0. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition) \
  do { \
    if (!(condition)) { \
      printf("%s:%d: not so: %s (errno: %s)\n", __FILE__, __LINE__, #condition, strerror(errno)); \
      exit(1); \
    } \
  } while (0)

#define OK() \
  do { \
    puts("OK"); \
    return 0; \
  } while (0)

/* Whether the file behind the descriptor begins with the text; closes it. */
#define HOLDS(descriptor, text) holds((descriptor), (text))

#include <unistd.h>
static inline int holds(int descriptor, const char *text) {
  char buffer[64] = {0};
  if (descriptor < 0) return 0;
  ssize_t length = read(descriptor, buffer, sizeof buffer - 1);
  close(descriptor);
  return length >= 0 && strncmp(buffer, text, strlen(text)) == 0;
}
