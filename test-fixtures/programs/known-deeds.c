/*
 * Does things of which it knows how often, how many bytes and how long, in the directory of its first argument, and
 * writes down what it did: `name value` lines, to the file of the second. A third argument makes it do one thing more.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WRITTEN = 12345, PIECE = 1000, MISSING = 7, SENT = 4321, ANSWERED = 1234, DATAGRAM = 99 };

static char bytes[WRITTEN];
static FILE *truth;

static void told(const char *name, long value) { fprintf(truth, "%s %ld\n", name, value); }

static void sleep_for(long milliseconds) {
  struct timespec time = {0, milliseconds * 1000000};
  while (nanosleep(&time, &time) < 0 && errno == EINTR) {}
}

static void files(void) {
  int fd = open("written", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  long left = WRITTEN;
  while (left > 0) left -= write(fd, bytes, left < PIECE ? left : PIECE);
  close(fd);
  fd = open("written", O_RDONLY);
  long got = 0, one;
  while ((one = read(fd, bytes, sizeof bytes)) > 0) got += one;
  pread(fd, bytes, 5, 10);
  close(fd);
  told("bytesWritten", WRITTEN);
  told("bytesRead", got + 5);
  close(open("made", O_WRONLY | O_CREAT | O_EXCL, 0600));
  rename("made", "moved");
  unlink("moved");
  mkdir("place", 0700);
  close(open("place/sought", O_WRONLY | O_CREAT, 0600));
  for (int i = 0; i < MISSING; i++)
    if (open("sought", O_RDONLY) < 0) close(open("place/sought", O_RDONLY));
  told("missing", MISSING);
}

static void processes(void) {
  pid_t idle = fork();
  if (idle == 0) {
    sleep_for(50);
    _exit(3);
  }
  waitpid(idle, NULL, 0);
  told("idleChild", idle);
  pid_t runner = fork();
  if (runner == 0) {
    char *argv[] = {"true", "an argument", NULL};
    char *envp[] = {"KNOWN=deed", "EMPTY=", "SPACES=a b  c", NULL};
    execve("/bin/true", argv, envp);
    _exit(9);
  }
  waitpid(runner, NULL, 0);
  told("runningChild", runner);
  pid_t killed = fork();
  if (killed == 0) {
    raise(SIGKILL);
    _exit(9);
  }
  waitpid(killed, NULL, 0);
  told("killedChild", killed);
  sleep_for(30);
}

static void receive(int fd, long wanted) {
  for (long one; wanted > 0 && (one = recv(fd, bytes, wanted, 0)) > 0;) wanted -= one;
}

static void sockets(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int server = socket(AF_INET, SOCK_STREAM, 0);
  bind(server, (struct sockaddr *)&address, length);
  listen(server, 1);
  getsockname(server, (struct sockaddr *)&address, &length);
  told("port", ntohs(address.sin_port));
  pid_t child = fork();
  if (child == 0) {
    int peer = accept(server, NULL, NULL);
    receive(peer, SENT);
    send(peer, bytes, ANSWERED, 0);
    _exit(0);
  }
  close(server);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&address, sizeof address);
  send(client, bytes, SENT, 0);
  receive(client, ANSWERED);
  waitpid(child, NULL, 0);
  close(client);
  // Nobody listens there any more.
  client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&address, sizeof address);
  close(client);
  int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  address.sin_port = htons(9);
  sendto(datagrams, bytes, DATAGRAM, 0, (struct sockaddr *)&address, sizeof address);
  close(datagrams);
  struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "no-socket"};
  int stream = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(stream, (struct sockaddr *)&local, sizeof local);
  close(stream);
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  truth = fopen(arguments[2], "w");
  if (truth == NULL || chdir(arguments[1]) < 0) return 2;
  told("self", getpid());
  files();
  processes();
  sockets();
  if (count > 3) close(open("/etc/hostname", O_RDONLY));
  fclose(truth);
  return 0;
}
