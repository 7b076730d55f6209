import type { KeepPlan } from '../plan/keep-plan.js';
import type { Keeping } from '../plan/keeping.js';

const SETUID_OR_SETGID = 0o6000;

/** Name each kept program that gives whoever starts it other rights, with the runs that used it. */
export function nameSetuid(kept: KeepPlan['kept'], { source, warnings }: Keeping): void {
  for (const { path, reasons } of kept.values()) {
    const entry = source.tree.get(path);
    if (entry?.type !== 'file' || (entry.mode & SETUID_OR_SETGID) === 0) continue;
    const runs = reasons.flatMap((reason) => {
      return reason.kind === 'access' && reason.action === 'execute' ? [reason.run] : [];
    });
    warnings.push({ kind: 'setuid', path, mode: entry.mode, runs: [...new Set(runs)] });
  }
}
