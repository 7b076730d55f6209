/*
 * describe FOLDER...: one line for each entry below, sorted, of all that a tar must carry: name (bytes outside
 * printable ASCII as %XX), type and mode, owner, size, mtime to the nanosecond, the first name of its inode where it
 * has several, whether it has holes, link target, extended attributes in hexadecimal, a checksum of the content.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static struct { ino_t inode; char *name; } seen[4096];
static int seen_count;

static void print_name(const char *name) {
  for (const unsigned char *at = (const unsigned char *)name; *at; at++)
    *at > ' ' && *at < 127 && *at != '%' ? printf("%c", *at) : printf("%%%02X", *at);
}

static void print_attributes(const char *path) {
  char names[4096];
  unsigned char value[4096];
  ssize_t length = llistxattr(path, names, sizeof names);
  for (char *name = names; length > 0 && name < names + length; name += strlen(name) + 1) {
    ssize_t bytes = lgetxattr(path, name, value, sizeof value);
    printf(" %s=", name);
    for (ssize_t at = 0; at < bytes; at++) printf("%02x", value[at]);
  }
}

static void print_content(const char *path) {
  static unsigned char buffer[1 << 16];
  unsigned long sum = 14695981039346656037UL;
  int file = open(path, O_RDONLY);
  for (ssize_t bytes; (bytes = read(file, buffer, sizeof buffer)) > 0;)
    for (ssize_t at = 0; at < bytes; at++) sum = (sum ^ buffer[at]) * 1099511628211UL;
  printf(" content=%016lx", sum);
  close(file);
}

static void describe(const char *path) {
  struct stat stat;
  char target[4096] = "";
  if (lstat(path, &stat) != 0) return perror(path), exit(1);
  print_name(path);
  printf(" mode=%06o owner=%u:%u mtime=%ld.%09ld", stat.st_mode, stat.st_uid, stat.st_gid, stat.st_mtim.tv_sec, stat.st_mtim.tv_nsec);
  if (S_ISLNK(stat.st_mode) && readlink(path, target, sizeof target - 1) > 0) printf(" target="), print_name(target);
  if (S_ISREG(stat.st_mode)) {
    printf(" size=%ld%s", (long)stat.st_size, stat.st_blocks * 512 < stat.st_size ? " holes" : "");
    int at = 0;
    while (at < seen_count && seen[at].inode != stat.st_ino) at++;
    if (stat.st_nlink > 1 && at < seen_count) printf(" same-as="), print_name(seen[at].name);
    else if (stat.st_nlink > 1) seen[seen_count].inode = stat.st_ino, seen[seen_count++].name = strdup(path);
    print_content(path);
  }
  print_attributes(path);
  printf("\n");
  if (!S_ISDIR(stat.st_mode)) return;
  struct dirent **entries;
  int count = scandir(path, &entries, NULL, alphasort);
  for (int at = 0; at < count; at++) {
    if (strcmp(entries[at]->d_name, ".") == 0 || strcmp(entries[at]->d_name, "..") == 0) continue;
    char *below;
    if (asprintf(&below, "%s/%s", strcmp(path, "/") == 0 ? "" : path, entries[at]->d_name) > 0) describe(below);
    free(below);
  }
}

int main(int count, char **arguments) {
  for (int at = 1; at < count; at++) describe(arguments[at]);
  return 0;
}
