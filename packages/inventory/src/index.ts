export type { FileOwners } from './assign-owners.js';
export type { BillContents, BillPackage } from './bills/bill-contents.js';
export { imagePurl } from './bills/image-purl.js';
export { toCycloneDx } from './bills/to-cyclonedx.js';
export { type AbsentPackages, toOpenVex } from './bills/to-open-vex.js';
export { toSpdx } from './bills/to-spdx.js';
export { toBibtex } from './citations/citation-bibtex.js';
export { toCff } from './citations/citation-cff.js';
export { toCitationText } from './citations/citation-text.js';
export type { CitationContents } from './citations/citations.js';
export {
  type Finding,
  type Findings,
  indexPackages,
  type PackageIndex,
  toFindings,
} from './findings/findings.js';
export { findRecords, type OsvRecord, toOsvRecord, type Verdict } from './findings/osv.js';
export { isAdvisory, parseQuery, type Query } from './findings/parse-query.js';
export { ECOSYSTEMS, type Ecosystem, type InstalledPackage } from './installed-package.js';
export { InventoryError, type InventoryErrorCode } from './inventory-error.js';
export {
  type GeneratedEntry,
  type LeftFiles,
  type MetadataPlan,
  type MetadataPolicy,
  planMetadata,
} from './metadata/plan-metadata.js';
export type { OperatingSystem } from './os-release.js';
export type { InventoryWarning } from './package-reader.js';
export {
  type Amount,
  type FileUse,
  type PackageUsage,
  sumUsage,
  USE_KINDS,
  type Usage,
  type UsedFile,
  type UseKind,
} from './package-usage.js';
export {
  type Inventory,
  type InventoryOptions,
  type InventorySource,
  readInventory,
} from './read-inventory.js';
