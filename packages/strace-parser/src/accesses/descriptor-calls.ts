import type { Process } from '../processes/process-state.js';
import { skipArgument } from '../text/skip-text.js';
import type { ArgumentPaths } from './argument-paths.js';
import { type CallText, numberAt } from './call-text.js';

/** dup, and of fcntl what makes a descriptor or says what an execve closes. */
export function duplicate(args: CallText, names: ArgumentPaths, isFcntl: boolean): void {
  const command = isFcntl ? args.argument(1) : 'F_DUPFD';
  const setsFlags = /F_SETFD|^0x2$/.test(command);
  if (!setsFlags && !/F_DUPFD|^(0|0x406)$/.test(command)) return;
  const { files } = names.process;
  const from = args.number(0);
  const third = args.argument(2);
  const path = names.annotated(args.findAnnotation(0)) ?? files.get(from)?.path;
  const to = setsFlags ? from : args.resultNumber();
  const closeOnExec = setsFlags
    ? third.includes('FD_CLOEXEC') || third === '0x1'
    : /CLOEXEC|^0x406$/.test(command) || /O_CLOEXEC|^0x80000$/.test(third);
  if (path !== undefined) {
    if (setsFlags || to !== from) files.set(to, { path, closeOnExec });
  } else if (!setsFlags) files.delete(to);
}

export function closeRange(args: CallText, process: Process): void {
  const flags = args.argument(2);
  const first = args.number(0);
  const last = Number(args.argument(1)) || Number.MAX_SAFE_INTEGER;
  if (flags.includes('CLOSE_RANGE_UNSHARE')) process.files = new Map(process.files);
  for (const [descriptor, file] of process.files) {
    if (descriptor < first || descriptor > last) continue;
    if (flags.includes('CLOEXEC')) process.files.set(descriptor, { path: file.path, closeOnExec: true });
    else process.files.delete(descriptor);
  }
}

/** SCM_RIGHTS: descriptors that another process has sent, with their paths where -y shows them. */
export function receive(args: CallText, names: ArgumentPaths): void {
  const { files } = names.process;
  for (let i = 1; i < args.count; i++) {
    const argument = args.argument(i);
    const rights = /SCM_RIGHTS\b[^[]*\[/.exec(argument);
    if (rights === null) continue;
    const closeOnExec = argument.includes('MSG_CMSG_CLOEXEC');
    let at = rights.index + rights[0].length;
    for (let next = at; next >= 0; at = next + 2) {
      const descriptor = numberAt(argument, at);
      if (!(descriptor >= 0)) break;
      const path = names.annotated(args.findAfter(argument, at, argument.length));
      if (path === undefined) files.delete(descriptor);
      else files.set(descriptor, { path, closeOnExec });
      next = skipArgument(argument, at, argument.length);
    }
  }
}
