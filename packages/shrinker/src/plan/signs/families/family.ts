import type { KeptPath } from '@keepset/keep-planner';
import type { FamilyKind } from '../over-shrink-sign.js';
import type { ShrinkFacts } from '../shrink-facts.js';

/**
 * Files that a program looks up by a name which its input holds: that one of them was used tells that others may be.
 * What is large, or needs more than itself, is not kept for that; the sign names it.
 */
export interface Family {
  readonly kind: FamilyKind;
  /** What is looked up, in the plural. */
  readonly title: string;
  /** The folder in which names were looked up, as a kept path shows; undefined where it shows nothing of that kind. */
  lookedUpIn(kept: KeptPath, facts: ShrinkFacts): string | undefined;
  /** By which a file below such a folder is looked up; undefined for what is none of them. @param path  a byte string */
  nameOf(path: string): string | undefined;
  /** Whether a kept one was used as itself, not only looked at. */
  isUsed(kept: KeptPath): boolean;
  readonly cure: string;
}

/** A run read its content. */
export function isOpened({ reasons }: KeptPath): boolean {
  return reasons.some(
    (reason) => reason.kind === 'access' && reason.action === 'open' && reason.errno === undefined,
  );
}

/** A run met it in any way. */
export function isMet({ reasons }: KeptPath): boolean {
  return reasons.some(({ kind }) => kind === 'access');
}
