/** What the kernel reads of a script (BINPRM_BUF_SIZE). */
const SCRIPT_HEAD_BYTES = 256;

const NEWLINE = 0x0a;

export interface ScriptInterpreter {
  /** As the script names it; relative to the working directory if it does not begin with `/`. */
  readonly path: string;
  /** All that follows on the line, as one argument. */
  readonly argument?: string;
}

/**
 * The interpreter that a file's first line names, read as Linux reads it: from the first 256 bytes, the name
 * up to a blank, all the rest one argument. A name that does not end within them is refused, as there.
 *
 * @param head  the first bytes of the file
 * @see execve(2), Interpreter scripts; fs/binfmt_script.c
 * @example '#!/usr/bin/env -S python3 -u\n' → { path: '/usr/bin/env', argument: '-S python3 -u' }
 */
export function parseScriptInterpreter(head: Uint8Array): ScriptInterpreter | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const buffer = head.subarray(2, SCRIPT_HEAD_BYTES);
  const newline = buffer.indexOf(NEWLINE);
  const line = String.fromCharCode(...(newline === -1 ? buffer : buffer.subarray(0, newline)));
  const [text = ''] = line.split('\0', 1);
  const [, path, blank = '', argument] = /^[ \t]*([^ \t]+)([ \t]*)(.*?)[ \t]*$/s.exec(text) ?? [];
  if (path === undefined) return undefined;
  const isCut = newline === -1 && blank === '' && 2 + text.length >= SCRIPT_HEAD_BYTES;
  if (isCut) return undefined;
  return argument ? { path, argument } : { path };
}
