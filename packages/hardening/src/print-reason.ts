import { BASE, BASE_OF_32_BITS, FURTHER_FAMILIES } from './call-families.js';
import type { RightReason } from './rights.js';

/**
 * Why something is allowed, for people.
 *
 * @example printReason({ kind: 'base', family: 'time' }) // 'family time: ask for the time, sleep, and be woken'
 */
export function printReason(reason: RightReason): string {
  switch (reason.kind) {
    case 'run':
      return `${programOf(reason)}: ${reason.call} in the run '${reason.run}', line ${reason.line} of its trace`;
    case 'repair':
      return reason.call === undefined
        ? `the run '${reason.run}' did otherwise without it`
        : `${programOf(reason)}: ${reason.call} in the run '${reason.run}' failed without it${reason.line === undefined ? '' : `, line ${reason.line} of the restricted trace`}`;
    case 'base': {
      const family = [BASE, BASE_OF_32_BITS, ...FURTHER_FAMILIES].find(({ name }) => name === reason.family);
      return `family ${reason.family}${family === undefined ? '' : `: ${family.what}`}`;
    }
    case 'runtime':
      return `${reason.runtimes.join(', ')}: before the program is started`;
  }
}

function programOf({ program = 'a program' }: { readonly program?: string }): string {
  return program;
}
