import { printPath } from '@keepset/strace-parser';
import type { Reason } from './reason.js';

/** What of a plan, or of a manifest read back, is needed to explain it. */
export interface Explainable {
  readonly kept: { get(path: string): { readonly reasons: readonly Reason[] } | undefined };
  /** The source, if at hand: tells what was removed from what never was. */
  readonly tree?: { has(path: string): boolean };
}

/** Reasons shown of the path asked for; of the paths behind it, the first. */
const SHOWN_REASONS = 5;

const RULE_TEXTS: Readonly<Record<string, string>> = {
  link: 'a link on the way to',
  parent: 'a directory on the way to',
  interpreter: 'the interpreter of the script',
  loader: 'the dynamic loader of the program',
  created: 'where a run made, or had mounted,',
  engine: 'what the container engine needs for',
  skeleton: 'a directory that programs expect in any system',
  'os-release': 'what names the distribution',
  caller: 'a program that is started by',
  keep: 'asked for by the pattern',
  locked: 'in the keep list',
  listed: 'an entry of a listed directory:',
  'not-empty': 'an entry of a directory that must not be empty:',
  'round-up': 'in one directory with a used file:',
  'round-up-package': 'of one package with a used file:',
  'keep-package': 'of the package that is kept whole:',
  'nss-module': 'a module that is named in',
  library: 'a library that is needed by',
  terminal: 'a usual terminal, beside the description of another:',
  certificate: 'a certificate that is looked up by its hash, as is',
  metadata: 'package metadata, for scanners:',
};

/**
 * Why a path is kept, as a chain that ends at what a run did, in a few lines.
 *
 * @param path  byte string, real
 * @returns     lines without newline; the first says whether it is kept
 * @example
 * /usr/lib is kept
 *   a directory on the way to /usr/lib/libc.so.6
 *     run "main": open by cat /etc/motd (openat, line 12)
 */
export function explainPath(path: string, plan: Explainable): readonly string[] {
  const reasons = plan.kept.get(path)?.reasons;
  if (reasons === undefined) {
    if (plan.tree === undefined) return [`${printPath(path)} is not kept`];
    return [
      `${printPath(path)} is ${plan.tree.has(path) ? 'removed: no run and no rule needs it' : 'not in the source image'}`,
    ];
  }
  const lines = [`${printPath(path)} is kept`];
  for (const reason of reasons.slice(0, SHOWN_REASONS)) lines.push(...chainOf(reason, plan, new Set([path])));
  if (reasons.length > SHOWN_REASONS) lines.push(`  and ${reasons.length - SHOWN_REASONS} more reasons`);
  return lines;
}

function chainOf(reason: Reason, plan: Explainable, seen: Set<string>): readonly string[] {
  const indent = '  '.repeat(seen.size);
  if (reason.kind === 'access') return [indent + accessText(reason)];
  const { rule } = reason;
  const text = (Object.hasOwn(RULE_TEXTS, rule) ? RULE_TEXTS[rule] : undefined) ?? rule;
  const lines = [`${indent}${text}${reason.from === undefined ? '' : ` ${printPath(reason.from)}`}`];
  // A pattern may look like a path.
  const isName = reason.rule === 'keep' || reason.rule === 'keep-package';
  const isPath = reason.from !== undefined && !isName && !seen.has(reason.from);
  const behind = isPath ? plan.kept.get(reason.from) : undefined;
  const [next] = strongestFirst(behind?.reasons ?? []);
  if (reason.from !== undefined && next !== undefined) {
    lines.push(...chainOf(next, plan, new Set([...seen, reason.from])));
  }
  return lines;
}

/** What a run did explains more than a rule. */
function strongestFirst(reasons: readonly Reason[]): readonly Reason[] {
  return [...reasons].sort((left, right) => (left.kind < right.kind ? -1 : left.kind > right.kind ? 1 : 0));
}

function accessText(reason: Extract<Reason, { kind: 'access' }>): string {
  const { run, action, program, asked, call, line, count, errno } = reason;
  const by = program === undefined ? '' : ` by ${printPath(program.argv.join(' ') || program.path)}`;
  const as = asked === undefined ? '' : ` as ${printPath(asked)}`;
  const failed = errno === undefined ? '' : `, ${errno}`;
  const times = count === 1 ? '' : `, ${count} times`;
  return `run "${run}": ${action}${as}${by} (${call}, line ${line}${failed}${times})`;
}
