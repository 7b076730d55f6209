/* Fifty threads at once, each of which opens a file of its own. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define THREADS 50
static pthread_barrier_t all;

static void *read_one(void *argument) {
  char path[64];
  snprintf(path, sizeof path, "/fidelity/data/%d", (int)(long)argument);
  pthread_barrier_wait(&all);
  int file = open(path, O_RDONLY);
  if (file < 0) return (void *)1;
  close(file);
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  int failed = 0;
  pthread_barrier_init(&all, NULL, THREADS);
  for (long at = 0; at < THREADS; at++) pthread_create(&threads[at], NULL, read_one, (void *)(at + 1));
  for (int at = 0; at < THREADS; at++) {
    void *result;
    pthread_join(threads[at], &result);
    failed += result != NULL;
  }
  printf("%d threads failed\n", failed);
  return failed;
}
