/*
 * Calls whose arguments strace prints in special ways: sockets of every family, passed descriptors, epoll, poll,
 * ioctl, mmap, extended attributes, prctl, seccomp filters, io_uring, memfd, timers, signalfd, pidfd, inotify,
 * futex, netlink, terminals, resource limits, processor sets.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void unix_sockets(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket \"of\" <ours>"};
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bind(listener, (struct sockaddr *)&address, sizeof address);
  listen(listener, 4);
  int client = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&address, sizeof address);
  int server = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  struct sockaddr_un hidden = {.sun_family = AF_UNIX, .sun_path = "\0abstract name"};
  int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0);
  bind(datagrams, (struct sockaddr *)&hidden, sizeof(sa_family_t) + 14);
  sendto(datagrams, "to myself", 9, MSG_NOSIGNAL, (struct sockaddr *)&hidden, sizeof(sa_family_t) + 14);

  int passed[2] = {open("/etc/passwd", O_RDONLY), open("/", O_RDONLY | O_DIRECTORY)};
  char control[CMSG_SPACE(sizeof passed)] = {0}, data[16];
  struct iovec vectors[2] = {{"two ", 4}, {"parts\n", 6}};
  struct msghdr message = {.msg_iov = vectors, .msg_iovlen = 2, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET, header->cmsg_type = SCM_RIGHTS, header->cmsg_len = CMSG_LEN(sizeof passed);
  memcpy(CMSG_DATA(header), passed, sizeof passed);
  sendmsg(client, &message, 0);
  struct iovec in = {data, sizeof data};
  struct msghdr got = {.msg_iov = &in, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  recvmsg(server, &got, MSG_CMSG_CLOEXEC);
  memcpy(passed, CMSG_DATA(CMSG_FIRSTHDR(&got)), sizeof passed);
  close(openat(passed[1], "etc/hostname", O_RDONLY));
  int on = 1;
  struct linger linger = {1, 2};
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  setsockopt(server, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  setsockopt(server, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  getsockopt(server, SOL_SOCKET, SO_PEERCRED, &credentials, &length);
  unlink(address.sun_path);
}

static void network(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  bind(listener, (struct sockaddr *)&address, sizeof address);
  listen(listener, 1);
  getsockname(listener, (struct sockaddr *)&address, &length);
  connect(client, (struct sockaddr *)&address, sizeof address);
  int server = accept(listener, (struct sockaddr *)&address, &length);
  send(client, "-> [1]", 6, 0);
  char data[64];
  recvfrom(server, data, sizeof data, MSG_DONTWAIT, NULL, NULL);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(53), .sin6_scope_id = 1};
  inet_pton(AF_INET6, "fe80::1", &six.sin6_addr);
  int datagrams = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
  sendto(datagrams, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&six, sizeof six);
  struct ifreq request = {.ifr_name = "lo"};
  ioctl(datagrams, SIOCGIFADDR, &request);
  ioctl(datagrams, SIOCGIFHWADDR, &request);
  ioctl(datagrams, SIOCGIFFLAGS, &request);
  int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  struct { struct nlmsghdr header; struct ifinfomsg info; } ask = {
      {.nlmsg_len = sizeof ask, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = 7}, {0}};
  send(netlink, &ask, sizeof ask, 0);
  char answer[16384];
  recv(netlink, answer, sizeof answer, MSG_DONTWAIT);
  struct sockaddr_ll raw = {.sll_family = AF_PACKET, .sll_halen = 6, .sll_addr = {1, 2, 3, 4, 5, 6}};
  bind(datagrams, (struct sockaddr *)&raw, sizeof raw);
}

static void waiting(void) {
  int pipes[2], events = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC), epoll = epoll_create1(EPOLL_CLOEXEC);
  if (pipe2(pipes, O_CLOEXEC)) return;
  struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 0x123456789abcdefULL}, ready[4];
  epoll_ctl(epoll, EPOLL_CTL_ADD, events, &event);
  epoll_wait(epoll, ready, 4, 10);
  struct pollfd polled[2] = {{pipes[0], POLLIN, 0}, {pipes[1], POLLOUT | POLLERR, 0}};
  poll(polled, 2, 10);
  poll(polled, 1, 1);
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pipes[0], &set);
  FD_SET(pipes[1], &set);
  struct timeval time = {0, 1000};
  select(pipes[1] + 1, NULL, &set, NULL, &time);
  struct itimerspec timer = {{0, 0}, {1, 500}};
  int timers = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  timerfd_settime(timers, TFD_TIMER_ABSTIME, &timer, NULL);
  sigset_t signals;
  sigemptyset(&signals), sigaddset(&signals, SIGUSR2), sigaddset(&signals, SIGCHLD);
  signalfd(-1, &signals, SFD_CLOEXEC);
  struct timespec rest = {0, 1000000};
  int word = 1;
  syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, NULL, NULL, 0);
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 1, &rest, NULL, ~0);
  syscall(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, &word, FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_GT, 1));
  nanosleep(&rest, NULL);
  syscall(SYS_pidfd_open, getpid(), 0);
  splice(pipes[0], NULL, pipes[1], NULL, 16, SPLICE_F_NONBLOCK);
}

static void files(void) {
  int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0640), memory = memfd_create("my memfd", MFD_CLOEXEC);
  char data[300];
  for (int i = 0; i < 256; i++) data[i] = i;
  if (write(fd, data, 256) + pwrite(memory, "123\n", 4, 0) < 0) return;
  struct iovec vectors[3] = {{data, 3}, {data + 200, 50}, {NULL, 0}};
  if (pwritev(fd, vectors, 3, 10) + preadv(fd, vectors, 2, 0) < 0) return;
  struct stat status;
  struct statfs system;
  struct statx more;
  fstat(memory, &status), stat("/dev/null", &status), lstat("/proc/self", &status), fstatfs(fd, &system);
  statx(AT_FDCWD, "file", AT_SYMLINK_NOFOLLOW, STATX_ALL, &more);
  setxattr("file", "user.keepset", "\0\1binary\377", 9, XATTR_CREATE);
  getxattr("file", "user.keepset", data, sizeof data);
  listxattr("file", data, sizeof data);
  fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 8192);
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_END, .l_len = 5};
  fcntl(fd, F_SETLK, &lock), fcntl(fd, F_GETFL), fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK);
  struct timespec times[2] = {{0, UTIME_NOW}, {1234567890, 42}};
  utimensat(AT_FDCWD, "file", times, 0), futimens(fd, times);
  void *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  msync(map, 8192, MS_SYNC), madvise(map, 4096, MADV_DONTNEED), mprotect(map, 4096, PROT_NONE);
  munmap(map, 8192);
  int watch = inotify_init1(IN_NONBLOCK);
  inotify_add_watch(watch, ".", IN_CREATE | IN_MODIFY | IN_DONT_FOLLOW);
  close(open("other", O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (read(watch, data, sizeof data) < 0) return;
  mknod("fifo", S_IFIFO | 0600, 0), mknod("device", S_IFCHR | 0600, makedev(1, 3));
  unlink("fifo"), unlink("other"), unlink("device"), unlink("file");
  fstat(fd, &status);
  close_range(50, 60, 0);
  int directory = open("/", O_RDONLY | O_DIRECTORY);
  syscall(SYS_getdents64, directory, data, sizeof data);
  int terminal, slave;
  if (openpty(&terminal, &slave, NULL, NULL, NULL) == 0) {
    struct winsize size;
    struct termios state;
    ioctl(slave, TIOCGWINSZ, &size), ioctl(slave, TCGETS, &state), ioctl(terminal, TIOCGPTN, data);
  }
  ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 'k', 77, 24), data);
}

static void system_state(void) {
  cpu_set_t processors;
  struct sysinfo info;
  struct utsname name;
  struct rlimit limit;
  struct rusage usage;
  struct sched_param parameters = {0};
  sched_getaffinity(0, sizeof processors, &processors), sched_setscheduler(0, SCHED_BATCH, &parameters);
  sysinfo(&info), uname(&name), getrusage(RUSAGE_CHILDREN, &usage);
  prlimit(0, RLIMIT_NOFILE, NULL, &limit);
  prctl(PR_SET_NAME, "new <name>\n"), prctl(PR_GET_DUMPABLE), prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_CAPBSET_READ, 7), prctl(12345, 1, 2, 3, 4);
  struct io_uring_params uring = {.flags = IORING_SETUP_CLAMP};
  syscall(SYS_io_uring_setup, 4, &uring);
  char random[8];
  syscall(SYS_getrandom, random, sizeof random, 1);
  struct { unsigned version; int pid; } header = {0x20080522, 0};
  unsigned capabilities[6];
  syscall(SYS_capget, &header, capabilities);
  syscall(SYS_keyctl, 0, -3, 0);
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sync, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {4, filter};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
  sync();
}

int main(void) {
  char directory[] = "/tmp/keepset-objects-XXXXXX";
  if (mkdtemp(directory) == NULL || chdir(directory)) return 1;
  unix_sockets();
  network();
  waiting();
  files();
  system_state();
  if (chdir("/")) return 1;
  rmdir(directory);
  return 0;
}
