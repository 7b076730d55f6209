export type { FileOwners } from './assign-owners.js';
export type { BillContents, BillPackage } from './bill-contents.js';
export { toBibtex } from './citation-bibtex.js';
export { toCff } from './citation-cff.js';
export { toCitationText } from './citation-text.js';
export type { CitationContents } from './citations.js';
export {
  type Finding,
  type Findings,
  indexPackages,
  type PackageIndex,
  toFindings,
} from './findings.js';
export { imagePurl } from './image-purl.js';
export type { Ecosystem, InstalledPackage } from './installed-package.js';
export { InventoryError, type InventoryErrorCode } from './inventory-error.js';
export type { OperatingSystem } from './os-release.js';
export { findRecords, type OsvRecord, toOsvRecord, type Verdict } from './osv.js';
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
export { isAdvisory, parseQuery, type Query } from './parse-query.js';
export {
  type GeneratedEntry,
  type LeftFiles,
  type MetadataPlan,
  type MetadataPolicy,
  planMetadata,
} from './plan-metadata.js';
export {
  type Inventory,
  type InventoryOptions,
  type InventorySource,
  readInventory,
} from './read-inventory.js';
export { toCycloneDx } from './to-cyclonedx.js';
export { type AbsentPackages, toOpenVex } from './to-open-vex.js';
export { toSpdx } from './to-spdx.js';
