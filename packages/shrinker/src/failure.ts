import type { EngineErrorCode } from '@keepset/docker-engine';
import type { HardeningErrorCode } from '@keepset/hardening';
import type { BuildErrorCode } from '@keepset/image-builder';
import type { SourceErrorCode } from '@keepset/image-source';
import type { TreeErrorCode } from '@keepset/image-tree';
import type { InventoryErrorCode } from '@keepset/inventory';
import type { PlanErrorCode } from '@keepset/keep-planner';
import type { ManifestErrorCode } from '@keepset/manifest';
import type { ResolveErrorCode } from '@keepset/symlink-resolver';
import type { ToolboxErrorCode } from '@keepset/toolbox';
import type { TracerErrorCode } from '@keepset/tracer';
import type { ShrinkErrorCode } from './shrink-error.js';

/** The codes of all packages' errors: stable, and for programs. */
export type FailureCode =
  | EngineErrorCode
  | BuildErrorCode
  | SourceErrorCode
  | HardeningErrorCode
  | TreeErrorCode
  | InventoryErrorCode
  | PlanErrorCode
  | ManifestErrorCode
  | ResolveErrorCode
  | ToolboxErrorCode
  | TracerErrorCode
  | ShrinkErrorCode;

/** An error of ours as data. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** The way out, where there is one, for a caller of the libraries. */
  readonly hint: string | undefined;
  /** Lines that show what the message says. */
  readonly details: readonly string[];
  /** Numbers and names that the message is made of. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** One error class a package, by name: a class of another copy of the package is one of ours as well. */
const CLASSES: ReadonlySet<unknown> = new Set(
  'Engine Build Source Hardening Tree Inventory Plan Manifest Resolve Toolbox Tracer Shrink'
    .split(' ')
    .map((name) => `${name}Error`),
);

/**
 * An error of any of our packages as data; it loads none of them.
 *
 * @returns undefined where the error is not one of ours
 * @example toFailure(new ShrinkError('COMMAND_FAILED', 'the command failed'))?.code // 'COMMAND_FAILED'
 */
export function toFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !CLASSES.has(error.name) || !('code' in error)) return undefined;
  const { code, message, hint, details = [], facts = {} } = error as Error & Partial<Failure>;
  return { code: code as FailureCode, message, hint, details, facts };
}
