import type { Observation } from './observation.js';
import { observeCalls } from './observe-calls.js';

/** What strace would have printed, a line a call: `openat("/x", O_RDONLY) = -1 EPERM`. */
export async function observe(lines: readonly string[], run = 'main'): Promise<Observation> {
  return await observeCalls(
    run,
    (async function* () {
      for (const [index, line] of lines.entries()) {
        const [, name = '', argumentsText = '', resultText = ''] = /^(\w+)\((.*)\) = (.*)$/.exec(line) ?? [];
        const errno = /^-1 ([A-Z]+)/.exec(resultText)?.[1];
        yield {
          name,
          argumentsText,
          resultText,
          line: index + 1,
          pid: 7,
          program: '/bin/app',
          ...(errno !== undefined && { errno }),
        };
      }
    })(),
  );
}
