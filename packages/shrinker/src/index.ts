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
  type Findings,
  findRecords,
  type InstalledPackage,
  isAdvisory,
  type MetadataPolicy,
  type OsvRecord,
  type PackageUsage,
  parseQuery,
  type Query,
  toFindings,
  toOsvRecord,
  type Usage,
} from '@keepset/inventory';
export { type KeepPlan, type PlanOptions, type PlanWarning, parsePatternList } from '@keepset/keep-planner';
export { renderReport } from '@keepset/report';
export type { Difference, Masked } from '@keepset/run-comparison';
export { parsePrintedPath, printPath } from '@keepset/strace-parser';
export { ToolboxError, type ToolboxSource } from '@keepset/toolbox';
export type { HttpRequest, Readiness, Service, ServiceStep } from '@keepset/tracer';
export { type AffectedAnswer, type AffectedStatus, answerQuery } from './affected.js';
export { toStatement } from './attest.js';
export { writeBill } from './bill-of-materials.js';
export { type CheckRequest, type CheckResult, checkLocked } from './check-locked.js';
export { type CitationFormat, writeCitations } from './cite.js';
export { type CompareImagesOptions, compareImages } from './compare-images.js';
export {
  type ChangedAspect,
  type ChangeKind,
  type CompareOptions,
  compareListings,
  type FileChange,
  type ListingDifference,
  type PackageChange,
} from './compare-listings.js';
export { type DiagnoseRequest, type Diagnosis, diagnose } from './diagnose.js';
export { emitContext } from './emit-context.js';
export { examineEngine, type Finding } from './examine-engine.js';
export { explain } from './explain.js';
export type { FileFacts, FileListing, PathAmount } from './file-listing.js';
export { type FlattenRequest, flatten } from './flatten.js';
export { groupPaths, type PathGroup, type PathGrouping } from './group-paths.js';
export { describeHeldOut, type HeldOutRun } from './held-out.js';
export { type ImagePackages, readImagePackages } from './inventory-image.js';
export { type LargestPackages, largestPackages } from './largest-packages.js';
export { type ListedImage, listImage } from './list-image.js';
export type { MadeImage } from './make-image.js';
export {
  type Manifest,
  type ManifestCheck,
  type ManifestImage,
  type ManifestRun,
  printMasked,
  printWarning,
  writeManifest,
} from './manifest.js';
export { type ManifestIndex, openManifestIndex } from './manifest-index.js';
export { type ManifestUsage, usageOf } from './manifest-usage.js';
export type { OverShrinkSign } from './over-shrink.js';
export type { MaskedInRun, Repair } from './prove-result.js';
export { isManifest, readFileListing, readManifestListings } from './read-listings.js';
export { readManifest, type StoredManifest } from './read-manifest.js';
export { toReportData } from './report-data.js';
export { type RestoreRequest, type RestoreResult, restore } from './restore.js';
export type { GroupCosts, RunCost, RunCosts } from './run-costs.js';
export type { NamedCommand } from './run-scope.js';
export { type TracedToFile, type TraceRequest, traceToFile } from './save-trace.js';
export type { RunWishes } from './scope-runs.js';
export { type ShrinkRequest, shrink } from './shrink.js';
export { ShrinkError, type ShrinkErrorCode } from './shrink-error.js';
export type { ShrinkResult } from './shrink-result.js';
export {
  costByFolder,
  costByPackage,
  costOf,
  type NamedManifest,
  readRuns,
  type SourceRuns,
  toSourceRuns,
} from './source-costs.js';
export type { ShrinkEvent, StageName, StageSeconds } from './stages.js';
export { type FolderChange, sumChanges } from './sum-changes.js';
export { type TracedRuns, type TraceRunsRequest, traceRuns } from './trace-runs.js';
export { type VexOptions, type VexResult, writeVex } from './vex.js';
export type { ShrinkStreams, SourceRequest } from './work.js';
