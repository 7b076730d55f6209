import type { AccessAction, OpenMode } from './file-access.js';

/**
 * The flags of open(2), as names (`O_RDWR|O_CREAT`), as a number (-X raw), or both (-X verbose).
 * Numbers are read as on x86, x86-64, RISC-V and s390.
 */
export function parseOpenMode(flags: string): OpenMode {
  const numeric = /^(0x[0-9a-f]+|\d+)(?!.*O_)/.exec(flags)?.[1];
  const bits = numeric === undefined ? undefined : Number(numeric.replace(/^0(?=[0-7])/, '0o'));
  const has = (name: string, bit: number) =>
    bits === undefined ? new RegExp(`\\b${name}\\b`).test(flags) : (bits & bit) === bit;
  const mode = bits === undefined ? undefined : bits & 3;
  const writeOnly = mode === undefined ? has('O_WRONLY', 1) : mode === 1;
  const readWrite = mode === undefined ? has('O_RDWR', 2) : mode === 2;
  const pathOnly = has('O_PATH', 0x200000);
  return {
    read: !writeOnly && !pathOnly,
    write: (writeOnly || readWrite) && !pathOnly,
    create: has('O_CREAT', 0x40),
    exclusive: has('O_EXCL', 0x80),
    truncate: has('O_TRUNC', 0x200),
    append: has('O_APPEND', 0x400),
    directory: has('O_DIRECTORY', 0x10000),
    pathOnly,
    noFollow: has('O_NOFOLLOW', 0x20000),
    closeOnExec: has('O_CLOEXEC', 0x80000),
    temporary: has('O_TMPFILE', 0x410000),
  };
}

/** What an open with these flags does. */
export function actionOf(mode: OpenMode): AccessAction {
  if (mode.temporary) return 'open';
  if (mode.create && mode.exclusive) return 'create';
  return mode.write ? 'write' : 'open';
}

/** Whether an open with these flags follows a link in the last component. */
export function followOf(mode: OpenMode): boolean {
  return !mode.noFollow && !(mode.create && mode.exclusive);
}
