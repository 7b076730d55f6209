import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileString } from '../../test/arbitraries.ts';
import { isRoundTrip } from './check-round-trip.js';
import type { StraceEvent } from './events.js';
import { parseStrace } from './parse-strace.js';
import { printEvent } from './print-event.js';

async function events(log: string | readonly Uint8Array[], pid?: number): Promise<StraceEvent[]> {
  const list: StraceEvent[] = [];
  for await (const event of parseStrace(log, pid === undefined ? {} : { pid })) list.push(event);
  return list;
}

/** Each event in a few words. */
async function outline(log: string): Promise<string[]> {
  return (await events(log)).map((event) => {
    const lines = event.kind === 'syscall' ? event.parts.map((part) => part.line).join('+') : event.line;
    const state = event.kind === 'syscall' && event.completeness !== 'whole' ? ` ${event.completeness}` : '';
    return `${lines} ${event.pid} ${event.kind}${state} ${event.text}`;
  });
}

describe('parseStrace', () => {
  it.each<[string, string, string[]]>([
    ['a call', '7  close(3) = 0\n', ['1 7 syscall close(3) = 0']],
    ['no newline at the end', 'close(3) = 0', ['1 0 syscall close(3) = 0']],
    [
      'two halves, with another process between them',
      '1  read(3,  <unfinished ...>\n2  close(4) = 0\n1  <... read resumed>"x", 1) = 1\n',
      ['2 2 syscall close(4) = 0', '1+3 1 syscall read(3, "x", 1) = 1'],
    ],
    [
      'the halves of old versions, and of ones to come',
      '1 select(0, {0, 1} <unfinished ...>\n1 <... select resumed> ) = 0 (Timeout)\n1 read(3 <unfinished #7 ...>\n1 <... read resumed #7>) = 0\n',
      ['1+2 1 syscall select(0, {0, 1} ) = 0 (Timeout)', '3+4 1 syscall read(3) = 0'],
    ],
    [
      'killed in a call',
      '1 read(3,  <unfinished ...>\n1 <... read resumed> <unfinished ...>) = ?\n1 +++ killed by SIGKILL +++\n2 ???( <unfinished ...>\n2 <... ??? resumed>) = ?\n3 wait4(9,  <unfinished ...>\n3 +++ killed by SIGSEGV (core dumped) +++\n',
      [
        '1+2 1 syscall read(3,  <unfinished ...>) = ?',
        '3 1 end +++ killed by SIGKILL +++',
        '4+5 2 syscall ???() = ?',
        '6 3 syscall unfinished wait4(9, ',
        '7 3 end +++ killed by SIGSEGV (core dumped) +++',
      ],
    ],
    [
      'an execve by a thread ends under the leader',
      '5 pause( <unfinished ...>\n6 execve("/bin/true", ["true"], NULL <pid changed to 5 ...>\n5 +++ superseded by execve in pid 6 +++\n5 <... execve resumed>) = 0\n',
      [
        '1 5 syscall unfinished pause(',
        '3 5 superseded +++ superseded by execve in pid 6 +++',
        '2+4 5 syscall execve("/bin/true", ["true"], NULL) = 0',
      ],
    ],
    [
      'the same under --quiet=thread-execve',
      '5 pause( <unfinished ...>\n6 execve("/bin/true", ["true"], NULL <pid changed to 5 ...>\n5 <... execve resumed>) = 0\n',
      ['2+3 5 syscall execve("/bin/true", ["true"], NULL) = 0', '1 5 syscall unfinished pause('],
    ],
    [
      'a child speaks before its parent returns',
      '5 vfork( <unfinished ...>\n6 close(3) = 0\n5 <... vfork resumed>) = 6\n',
      ['1 5 forking vfork( <unfinished ...>', '2 6 syscall close(3) = 0', '1+3 5 syscall vfork() = 6'],
    ],
    [
      'the log begins and ends in the middle',
      '1 <... read resumed>"x", 1) = 1\n1 write(1, "y" <unfinished ...>\n',
      ['1 1 syscall headless read("x", 1) = 1', '2 1 syscall unfinished write(1, "y"'],
    ],
    [
      'strace detaches',
      '1 execve("../sleep", ["../sleep"], NULL <detached ...>\n2 ???( <detached ...>\n3  <detached ...>\n',
      [
        '1 1 syscall unfinished execve("../sleep", ["../sleep"], NULL',
        '2 2 syscall unfinished ???(',
        '3 3 message <detached ...>',
      ],
    ],
    [
      'a message in the middle of a call, on a terminal',
      'clone(flags=SIGCHLD/usr/bin/strace: Process 8 attached\n, tid=1) = 8\n[pid 8] close(3) = 0\n[pid 7] wait4(-1 <unfinished ...>\n[pid 8] +++ exited with 0 +++\n<... wait4 resumed>, NULL) = 8\nclose(9) = 0\n',
      [
        '1 0 message /usr/bin/strace: Process 8 attached',
        '1+2 0 syscall clone(flags=SIGCHLD, tid=1) = 8',
        '3 8 syscall close(3) = 0',
        '4 7 named ',
        '5 8 end +++ exited with 0 +++',
        '4+6 7 syscall wait4(-1, NULL) = 8',
        '7 7 syscall close(9) = 0',
      ],
    ],
    [
      'a call that a message, then another process interrupts',
      'clone(flags=SIGCHLDstrace: Process 8 attached\n <unfinished ...>\n[pid 8] close(3) = 0\n[pid 7] <... clone resumed>) = 8\n',
      [
        '1 0 message strace: Process 8 attached',
        '2 0 forking <unfinished ...>',
        '3 8 syscall close(3) = 0',
        '4 7 named ',
        '1+2+4 7 syscall clone(flags=SIGCHLD) = 8',
      ],
    ],
    [
      "the program's own output in between",
      'write(1, "\\n", 1\n) = 1\nwrite(1, "a\\nb\\n", 4a\nb\n) = 4\n',
      [
        '1+2 0 syscall write(1, "\\n", 1) = 1',
        '4 0 unparsed b',
        '3+5 0 syscall write(1, "a\\nb\\n", 4a) = 4',
      ],
    ],
    [
      'strace before 6.2 under -z: a second half that does not say whose it is',
      '7 open("x" <unfinished ...>\n) = 3\n8 NULL) = ? ERESTARTSYS (To be restarted)\n',
      ['1+2 7 syscall open("x") = 3', '3 8 syscall headless (NULL) = ? ERESTARTSYS (To be restarted)'],
    ],
    [
      'signals of all times',
      '1 --- SIGCHLD {si_signo=SIGCHLD, si_pid=2} ---\n1 --- SIGSEGV (Segmentation fault) @ 0 (0) ---\n1 --- {si_signo=SIGPIPE, si_code=SI_USER} (Broken pipe) ---\n1 --- stopped by SIGSTOP ---\n',
      [
        '1 1 signal --- SIGCHLD {si_signo=SIGCHLD, si_pid=2} ---',
        '2 1 signal --- SIGSEGV (Segmentation fault) @ 0 (0) ---',
        '3 1 signal --- {si_signo=SIGPIPE, si_code=SI_USER} (Broken pipe) ---',
        '4 1 stopped --- stopped by SIGSTOP ---',
      ],
    ],
    [
      'personality, stack, dump, table',
      '[ Process PID=9 runs in 32 bit mode. ]\nread(3, "x", 1) = 1\n > /lib/x.so(f+0x7) [0xf8]\n | 00000  78    x |\n * 1 bytes in buffer 0\n% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000001           1         1           read\n',
      [
        '1 0 personality [ Process PID=9 runs in 32 bit mode. ]',
        '2 0 syscall read(3, "x", 1) = 1',
        '3 0 stack  > /lib/x.so(f+0x7) [0xf8]',
        '4 0 dump  | 00000  78    x |',
        '5 0 dump  * 1 bytes in buffer 0',
        '6 0 table % time     seconds  usecs/call     calls    errors syscall',
        '7 0 table ------ ----------- ----------- --------- --------- ----------------',
        '8 0 table 100.00    0.000001           1         1           read',
      ],
    ],
    [
      'colours',
      '\u001b[33mopenat\u001b[0m(\u001b[35mAT_FDCWD\u001b[0m, \u001b[35m"/x"\u001b[0m)\u001b[0m \u001b[0m=\u001b[0m \u001b[32m3\u001b[0m\n+++ exited with 0 +++\u001b[0m\n',
      ['1 0 syscall openat(AT_FDCWD, "/x") = 3', '2 0 end +++ exited with 0 +++'],
    ],
    [
      'names that look like syntax',
      '1 openat(AT_FDCWD</a ) = b>, "paren)=(1, 2) = 3", O_RDONLY) = 4</a ) = b/paren)=(1, 2) = 3>\n1 open("<unfinished ...>", 0) = -1 ENOENT (No such file or directory)\n',
      [
        '1 1 syscall openat(AT_FDCWD</a ) = b>, "paren)=(1, 2) = 3", O_RDONLY) = 4</a ) = b/paren)=(1, 2) = 3>',
        '2 1 syscall open("<unfinished ...>", 0) = -1 ENOENT (No such file or directory)',
      ],
    ],
    [
      'a call that resumes another',
      '1 restart_syscall(<... resuming interrupted nanosleep ...>) = 0\n',
      ['1 1 syscall restart_syscall(<... resuming interrupted nanosleep ...>) = 0'],
    ],
    [
      "what is not strace's",
      'hello\n1 openat(AT_FDCWD, "/et',
      ['1 0 unparsed hello', '2 1 cut openat(AT_FDCWD, "/et'],
    ],
  ])('%s', async (_title, log, expected) => {
    expect(await outline(log)).toEqual(expected);
    for (const event of await events(log)) {
      if (event.kind !== 'unparsed') expect(isRoundTrip(event), event.text).toBe(true);
    }
  });

  it('gives arguments and result as trees, and what is before the event', async () => {
    const [event] = await events(
      '7 12:00:01 openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000012>\n',
    );
    expect(event).toMatchObject({ kind: 'syscall', name: 'openat', prefix: { pid: 7, time: '12:00:01' } });
    if (event?.kind !== 'syscall') throw new Error('not a call');
    expect(event.arguments[1]).toEqual({ kind: 'string', value: '/x' });
    expect(event.result).toMatchObject({ errno: 'ENOENT', duration: '0.000012' });
    expect(event.byteOffset).toBe(0);
  });

  it('takes the pid of lines that have none from the caller', async () => {
    expect((await events('close(3) = 0\n', 42))[0]?.pid).toBe(42);
  });

  it.each([
    ['an array', '[], 8) = 0'],
    ['a name', 'NULL, 8) = 0'],
    ['a mark', 'NULL,  <unfinished ...>\n[pid 1] <... rt_sigprocmask resumed>8) = 0'],
  ])('goes on after its own message with %s', async (_title, rest) => {
    const list = await events(
      `[pid 1] rt_sigprocmask(SIG_BLOCK, [CHLD], strace: Process 3 attached\n${rest}\n`,
    );
    expect(list.map(({ kind }) => kind).filter((kind) => kind !== 'named')).toEqual(['message', 'syscall']);
    expect(list.at(-1)).toMatchObject({ pid: 1, arguments: { length: 4 } });
    for (const event of list) expect(isRoundTrip(event)).toBe(true);
  });

  it('takes its own message after a comment for one', async () => {
    const list = await events(
      '[pid 1] execve("/x", ["x"], 0x5 /* 36 vars */strace: Process 3 attached\n <unfinished ...>\n[pid 1] <... execve resumed>) = 0\n',
    );
    expect(list.map(({ kind }) => kind).filter((kind) => kind !== 'named')).toEqual(['message', 'syscall']);
  });

  it('knows its own message of a process that it leaves alone, too', async () => {
    const list = await events('access("/x", X_OKstrace: Process 3 detached\n) = 0\n');
    expect(list.map(({ kind }) => kind)).toEqual(['message', 'syscall']);
    expect(list[1]).toMatchObject({ arguments: [{ value: '/x' }, { name: 'X_OK' }] });
  });

  it('reads a few lines in one, and no more of them than the stack bears', async () => {
    const list = await events(`${'1 a('.repeat(1_000_000)}\n2 close(3) = 0\n`);
    expect(list.length).toBeLessThan(20);
    expect(list.map((event) => event.text)).toContain('close(3) = 0');
  });

  it('gives a broken call up when what follows is not its rest, in linear time', async () => {
    const list = await events(
      `1 open("${'x'.repeat(1_000_000)}\n${'hello) = 1\n'.repeat(50_000)}2 close(3) = 0\n`,
    );
    expect(list).toHaveLength(50_002);
    expect(list.at(-1)).toMatchObject({ kind: 'syscall', name: 'close' });
  });

  it('never throws, whatever the bytes and the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileString, { maxLength: 12 }),
        fc.array(fc.nat(400)),
        async (lines, cuts) => {
          const text = lines.map((line, i) => (i % 2 === 0 ? `${i} open(${line}` : line)).join('\n');
          const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const list = await events(places.slice(1).map((end, i) => bytes.subarray(places[i], end)));
          for (const event of list) expect(typeof printEvent(event)).toBe('string');
          expect(list.map((event) => event.text)).toEqual((await events([bytes])).map((event) => event.text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['an open string', '"'],
    ['quotes', '""'],
    ['backslashes', '\\'],
    ['annotations', '1</a'],
    ['sockets', '1<a'],
    ['comments', '/* '],
    ['closed comments', '/**/'],
    ['brackets', '['],
    ['marks', ' <unfinished ...'],
    ['results', ') = '],
    ['digits', '1'],
    ['blanks', ' '],
    ['nothing in particular', 'x'],
  ])('takes linear time on a long line of %s', async (_title, piece) => {
    const line = `1 open(${piece.repeat(4_000_000 / piece.length)}\n`;
    const log = Uint8Array.from(line, (character) => character.charCodeAt(0));
    // A quadratic scan of four megabytes would not end before the time limit of the test.
    const list = await events([log]);
    expect(list).toHaveLength(1);
    expect(list.map(printEvent)).toHaveLength(1);
  });
});
