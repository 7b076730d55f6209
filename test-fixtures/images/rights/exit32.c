/* exit_group(7) of 32 bits, whose number is another one, and no other system call. */
void _start(void) {
  for (;;) __asm__ volatile("int $0x80" : : "a"(252), "b"(7) : "memory");
}
