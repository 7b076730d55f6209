/* dlopen by path and by LD_LIBRARY_PATH-less name, iconv's modules, the name service switch, locale. */
#define _GNU_SOURCE
#include "expect.h"
#include <dlfcn.h>
#include <grp.h>
#include <iconv.h>
#include <netdb.h>
#include <pwd.h>

int main(void) {
  void *plugin = dlopen("/cases/loaded-at-run-time/plugin.so", RTLD_NOW);
  EXPECT(plugin != NULL);
  int (*answer)(void) = (int (*)(void))dlsym(plugin, "answer");
  EXPECT(answer != NULL && answer() == 42);
  EXPECT(dlopen("libresolv.so.2", RTLD_NOW) != NULL);

  iconv_t converter = iconv_open("UTF-16LE", "ISO-8859-15");
  EXPECT(converter != (iconv_t)-1);
  char in[] = "\244", out[8], *from = in, *to = out;
  size_t left = 1, room = sizeof out;
  EXPECT(iconv(converter, &from, &left, &to, &room) == 0 && out[0] == (char)0xac && out[1] == 0x20);

  struct passwd *user = getpwnam("games");
  EXPECT(user != NULL && strcmp(user->pw_dir, "/usr/games") == 0);
  struct group *group = getgrnam("daemon");
  EXPECT(group != NULL && group->gr_gid == 1);
  struct addrinfo *address = NULL;
  EXPECT(getaddrinfo("localhost", NULL, NULL, &address) == 0);
  OK();
}
