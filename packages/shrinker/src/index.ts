export {
  connectEngine,
  type Engine,
  EngineError,
  findClientCredentials,
  parseTagReference,
  type RunOptions,
  resolveEngineAddress,
} from '@keepset/docker-engine';
export { type Output, toBakeFile } from '@keepset/image-builder';
export {
  type InstalledPackage,
  type OsvRecord,
  type PackageUsage,
  parseQuery,
  type Query,
  toOsvRecord,
  type Usage,
} from '@keepset/inventory';
export { type KeepPlan, type PlanOptions, type PlanWarning, parsePatternList } from '@keepset/keep-planner';
export { parsePrintedPath, printPath } from '@keepset/strace-parser';
export { ToolboxError, type ToolboxSource } from '@keepset/toolbox';
export { type AffectedAnswer, type AffectedStatus, answerQuery } from './affected.js';
export { writeBill } from './bill-of-materials.js';
export { type CheckRequest, type CheckResult, checkLocked } from './check-locked.js';
export { compareRuns, type Difference, type RunOutcome } from './compare-runs.js';
export { emitContext } from './emit-context.js';
export { explain } from './explain.js';
export { type FlattenRequest, flatten } from './flatten.js';
export { type ImagePackages, readImagePackages } from './inventory-image.js';
export type { MadeImage } from './make-image.js';
export {
  type Manifest,
  type ManifestImage,
  type ManifestRun,
  printWarning,
  writeManifest,
} from './manifest.js';
export { type ManifestUsage, usageOf } from './manifest-usage.js';
export { readManifest, type StoredManifest } from './read-manifest.js';
export { type RestoreRequest, type RestoreResult, restore } from './restore.js';
export { type ShrinkRequest, shrink } from './shrink.js';
export { ShrinkError, type ShrinkErrorCode } from './shrink-error.js';
export type { ShrinkResult } from './shrink-result.js';
export type { ShrinkEvent, StageName, StageSeconds } from './stages.js';
export type { ShrinkStreams, SourceRequest } from './work.js';
