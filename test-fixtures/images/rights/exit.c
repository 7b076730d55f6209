/* exit_group(7), and no other system call. */
void _start(void) {
  for (;;) __asm__ volatile("syscall" : : "a"(231), "D"(7) : "rcx", "r11", "memory");
}
