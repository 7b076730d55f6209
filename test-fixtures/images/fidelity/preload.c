/* For LD_PRELOAD: says into which program it was loaded. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>

__attribute__((constructor)) static void tell(void) {
  fprintf(stderr, "loaded into %s\n", program_invocation_short_name);
}
