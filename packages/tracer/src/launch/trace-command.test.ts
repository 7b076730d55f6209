import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { describe, expect, it } from 'vitest';
import { TRACED_CALLS, type TraceCommandOptions, traceCommand } from './trace-command.js';

const LOADER = `${TOOLBOX_FOLDER}/loader --library-path ${TOOLBOX_FOLDER}/lib ${TOOLBOX_FOLDER}/bin/`;
const FIXED = `-y -s 4096 -e trace=${TRACED_CALLS.join(',')} -e inject=?io_uring_setup:error=ENOSYS -e signal=none -o /t/trace --`;
const SOMEONE = { uid: 1, gid: 2, supplementaryGids: [], home: '/' };

describe('the command', () => {
  it.each<[string, Partial<TraceCommandOptions>, string]>([
    [
      'as the user of the container',
      { seccompFilter: true },
      `${LOADER}strace -D -f --seccomp-bpf ${FIXED} prog -x`,
    ],
    ['without the filter', {}, `${LOADER}strace -D -f ${FIXED} prog -x`],
    [
      'as someone without groups',
      { identity: SOMEONE },
      `${LOADER}strace -D -f ${FIXED} ${LOADER}setpriv --reuid=1 --regid=2 --clear-groups -- prog -x`,
    ],
    [
      'as someone with groups',
      { identity: { ...SOMEONE, supplementaryGids: [7, 8] } },
      `${LOADER}strace -D -f ${FIXED} ${LOADER}setpriv --reuid=1 --regid=2 --groups=7,8 -- prog -x`,
    ],
    [
      'without a right',
      { identity: SOMEONE, dropFromBounding: ['SYS_PTRACE', 'SETUID'] },
      `${LOADER}strace -D -f ${FIXED} ${LOADER}setpriv --reuid=1 --regid=2 --clear-groups --bounding-set=-sys_ptrace,-setuid -- prog -x`,
    ],
    [
      'with variables of its own',
      { programOnlyEnv: ['LD_PRELOAD=/a.so'] },
      `${LOADER}strace -D -f ${FIXED} ${LOADER}env LD_PRELOAD=/a.so prog -x`,
    ],
  ])('%s', (_, options, expected) => {
    expect(
      traceCommand(['prog', '-x'], { traceFile: '/t/trace', seccompFilter: false, ...options }).join(' '),
    ).toBe(expected);
  });

  it('leaves the words of the program as they are', () => {
    const words = ['a b', '--', '-o', '', 'é\n'];
    expect(traceCommand(words, { traceFile: '/t', seccompFilter: true }).slice(-words.length)).toEqual(words);
  });
});
