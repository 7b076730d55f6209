import type { ObservedCall } from './observed-call.js';

/**
 * The capability without which root could not have made a call that succeeded: known beforehand, where the call's arguments
 * tell. All others show when they are missing.
 *
 * @returns without CAP_
 * @see capabilities(7)
 * @example neededCapability({ name: 'setgid', argumentsText: '33', errno: undefined, … }) // 'SETGID'
 */
export function neededCapability({
  name,
  argumentsText,
  errno,
}: Pick<ObservedCall, 'name' | 'argumentsText' | 'errno'>): string | undefined {
  if (errno !== undefined) return undefined;
  if (name === 'setgroups') return 'SETGID';
  if (name === 'chroot') return 'SYS_CHROOT';
  // To become root again, or to stay, nothing is needed.
  if (/^set(?:|re|res)[ug]id$/.test(name))
    return isOther(argumentsText) ? (name.endsWith('uid') ? 'SETUID' : 'SETGID') : undefined;
  // What is root's is given away, or what is not is given to another.
  const owner = /^[lf]?chown$/.test(name)
    ? argumentsText.split(', ').at(-2)
    : name === 'fchownat'
      ? argumentsText.split(', ').at(-3)
      : undefined;
  return owner !== undefined && isOther(owner) ? 'CHOWN' : undefined;
}

/** Whether one of some ids is neither root's nor left as it is. */
function isOther(ids: string): boolean {
  return ids.split(', ').some((id) => /^\d+$/.test(id) && id !== '0' && id !== '4294967295');
}
