/*
 * Does things to files whose names look like strace's own output, and says on standard output what it really
 * did: action, result (a number, or minus the errno), path in hexadecimal; one line each. Paths are relative to
 * the working directory, or to the directory in argv[1] where they are absolute.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *truth;
static char here[4096];

static const char *names[] = {
    "paren)=(1, 2) = 3", "<unfinished ...>", "a<b>c", "-> [1]", "x\" = 3", "new\nline", "\377\376\200raw", "\303\251t\303\251",
    "ret) = -1 ENOENT (No such file or directory)", "back\\slash", "a\\74b", "tab\there", "com, ma", "{brace}", "[brack]",
    "-", "...", "quote'", "trailing ", " leading", "\033[31mred", "del\177", "x\0017", "x\001q", "/*c*/", "<... openat resumed>)",
    "+++ exited with 0 +++", "--- SIGCHLD {} ---", "(deleted)", "x (deleted)", "a>b", "a-", "=> y", "|", "O_RDONLY", "1234  open(",
    "\\", "\"", "\"...", "\n1  openat(AT_FDCWD, \"/forged\", O_RDONLY) = 3", "%s%n", "\r", "\t= 3", "#", "@\"net\"", "?",
};

static void say(const char *action, long result, const char *directory, const char *name) {
  char path[9000];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  fprintf(truth, "%s %ld ", action, result < 0 ? -(long)errno : result);
  for (const char *p = path; *p; p++) fprintf(truth, "%02x", (unsigned char)*p);
  fputc('\n', truth);
}

static void touch_all(const char *base, int at) {
  char sub[5000], moved[300], full[9000];
  struct stat status;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *name = names[i];
    if (strchr(name, '/') != NULL) continue;
    int fd = openat(at, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    say("create", fd, base, name);
    close(fd);
    say("stat", fstatat(at, name, &status, 0), base, name);
    fd = openat(at, name, O_RDONLY);
    say("open", fd, base, name);
    close(fd);
    say("unlink", unlinkat(at, name, 0), base, name);
    say("unlink", unlinkat(at, name, 0), base, name);
    say("create", mkdirat(at, name, 0700), base, name);
    int directory = openat(at, name, O_RDONLY | O_DIRECTORY);
    say("open", directory, base, name);
    snprintf(sub, sizeof sub, "%s/%s", base, name);
    fd = openat(directory, name, O_WRONLY | O_CREAT, 0600);
    say("write", fd, sub, name);
    close(fd);
    snprintf(moved, sizeof moved, "moved %s", name);
    snprintf(full, sizeof full, "%s/%s", here, moved);
    say("rename", syscall(SYS_renameat2, at, name, AT_FDCWD, full, 0), base, name);
    say("create", 0, here, moved);
    /* The descriptor still is the directory, under its new name. */
    say("stat", fstatat(directory, name, &status, 0), full, name);
    say("unlink", unlinkat(directory, name, 0), full, name);
    say("unlink", unlinkat(AT_FDCWD, full, AT_REMOVEDIR), here, moved);
    close(directory);
  }
}

int main(int argc, char **argv) {
  if (argc < 3 || chdir(argv[1]) || getcwd(here, sizeof here) == NULL) return 1;
  truth = fopen(argv[2], "we");
  if (truth == NULL) return 1;
  touch_all(here, AT_FDCWD);
  char inner[5000];
  snprintf(inner, sizeof inner, "%s/in ner", here);
  mkdir(inner, 0755);
  say("create", 0, here, "in ner");
  int at = open("in ner", O_RDONLY | O_DIRECTORY);
  say("open", at, here, "in ner");
  touch_all(inner, at);
  fflush(truth);
  pid_t child = fork();
  if (child == 0) {
    if (fchdir(at)) _exit(1);
    say("chdir", 0, here, "in ner");
    touch_all(inner, AT_FDCWD);
    fflush(truth);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  fclose(truth);
  return 0;
}
