export { type AffectedAnswer, type AffectedStatus, answerQuery } from './affected/affected.js';
export { type ManifestIndex, openManifestIndex } from './affected/manifest-index.js';
export type { GroupCosts, RunCost, RunCosts } from './cost/run-costs.js';
export {
  costByFolder,
  costByPackage,
  costOf,
  type NamedManifest,
  type PlannedRuns,
  readRuns,
  type SourceRuns,
  toSourceRuns,
} from './cost/source-costs.js';
export { type AttachedStatement, toAttached } from './documents/attached-statement.js';
export { toStatement } from './documents/attest.js';
export { writeBill, writeBillOfPlan } from './documents/bill-of-materials.js';
export { type CitationFormat, writeCitations } from './documents/cite.js';
export { toEnvelope } from './documents/envelope.js';
export {
  PREFETCH_FORMATS,
  type PrefetchFormat,
  type PrefetchList,
  writePrefetchList,
} from './documents/prefetch-list.js';
export { toProvenance } from './documents/provenance.js';
export { isSigned, readSigningKey, type SignatureKind, type SigningKey } from './documents/sign.js';
export { toVexStatement, type VexOptions, type VexResult, writeVex } from './documents/vex.js';
export {
  type ChangedAspect,
  type ChangeKind,
  type CompareOptions,
  compareListings,
  type FileChange,
  type ListingDifference,
  type PackageChange,
} from './listing/compare-listings.js';
export {
  compareResults,
  type ResultDifference,
  type ResultFacts,
  readResultFacts,
} from './listing/compare-results.js';
export { amountOf, type FileFacts, type FileListing, type PathAmount } from './listing/file-listing.js';
export { isManifest, readFileListing, readManifestListings } from './listing/read-listings.js';
export { type FolderChange, sumChanges } from './listing/sum-changes.js';
export { ManifestError, type ManifestErrorCode } from './manifest-error.js';
export type { StoredEntries, StoredPath } from './record/entry-table.js';
export { printVerification, printWarning } from './record/escaped-paths.js';
export { firstNameOf } from './record/first-name.js';
export type {
  ContentDigest,
  Manifest,
  ManifestCheck,
  ManifestImage,
  ManifestProcess,
  ManifestQuestion,
  ManifestReadiness,
  ManifestRequest,
  ManifestRun,
  ManifestService,
  MaskedInRun,
  Repair,
} from './record/manifest.js';
export { parseUniqueJson, RepeatedKeyError } from './record/parse-unique-json.js';
export { readManifest, type StoredManifest } from './record/read-manifest.js';
export {
  type HoldCounts,
  NOT_VERIFIED,
  type NotComparedInRun,
  type VerdictLevel,
  type Verification,
  verdictOf,
} from './record/verification.js';
export { writeManifest } from './record/write-manifest.js';
export {
  chooseSharedLayers,
  parseSharedLayers,
  printSharedLayers,
  type SharedLayer,
  SharedLayerPlan,
  type SharedLayers,
  type SharingSums,
} from './sharing/shared-layers.js';
export {
  type Cell,
  type ColumnType,
  type ManifestRowsOptions,
  manifestRows,
  TABLES,
  type TableName,
  type TableRow,
} from './tables/manifest-rows.js';
export { TABLE_FORMS, type TableForm, writeTables } from './tables/write-tables.js';
export { explain, explainFrom } from './usage/explain.js';
export { groupPaths, type PathGroup, type PathGrouping } from './usage/group-paths.js';
export { type LargestPackages, largestPackages } from './usage/largest-packages.js';
export { type ManifestUsage, usageOf } from './usage/manifest-usage.js';
export { readHardening } from './usage/read-hardening.js';
export { type ImageRecord, recordImage } from './usage/record-image.js';
export { toReportData } from './usage/report-data.js';
