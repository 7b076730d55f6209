import type { AccessAction } from '@keepset/strace-parser';
import type { AccessReason, Reason } from '../plan/reason.js';

const OPENING: ReadonlySet<AccessAction> = new Set([
  'open',
  'write',
  'execute',
  'link',
  'rename',
  'chdir',
  'chroot',
  'connect',
]);

/**
 * The access by which a run got at the entry itself, so that it cannot do without; undefined if it only saw that
 * it is there. A directory that was opened was only listed.
 *
 * @example openingReason({ type: 'file' }, reasons)?.run // 'main'
 */
export function openingReason(
  entry: { readonly type: string },
  reasons: readonly Reason[],
): AccessReason | undefined {
  return reasons.find((reason): reason is AccessReason => {
    if (reason.kind !== 'access' || reason.errno !== undefined) return false;
    const isListing = entry.type === 'directory' && reason.action === 'open';
    return OPENING.has(reason.action) && !isListing;
  });
}
