/* Relative paths after chdir and fchdir, in children and threads. */
#define _GNU_SOURCE
#include "expect.h"
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

static void *in_thread(void *unused) {
  (void)unused;
  EXPECT(chdir("/cases/working-directory/thread") == 0);
  return NULL;
}

int main(void) {
  EXPECT(chdir("/cases/working-directory") == 0);
  EXPECT(HOLDS(open("first", O_RDONLY), "first"));

  pid_t child = fork();
  EXPECT(child >= 0);
  if (child == 0) {
    /* The child's own directory; the parent stays where it was. */
    int directory = open("child", O_RDONLY | O_DIRECTORY);
    EXPECT(fchdir(directory) == 0);
    EXPECT(HOLDS(open("of-child", O_RDONLY), "of-child"));
    EXPECT(HOLDS(open("../beside", O_RDONLY), "beside"));
    _exit(0);
  }
  int status;
  EXPECT(waitpid(child, &status, 0) == child && status == 0);
  EXPECT(HOLDS(open("second", O_RDONLY), "second"));

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, "spawned");
  char *argv[] = {"cat", "of-spawned", NULL};
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  EXPECT(posix_spawn(&child, "/bin/cat", &actions, NULL, argv, NULL) == 0);
  EXPECT(waitpid(child, &status, 0) == child && status == 0);

  /* A thread shares its directory with all the others. */
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, in_thread, NULL) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  EXPECT(HOLDS(open("of-thread", O_RDONLY), "of-thread"));
  OK();
}
