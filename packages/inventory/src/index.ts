export type { Ecosystem, InstalledPackage } from './installed-package.js';
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
export { type Inventory, type InventorySource, readInventory } from './read-inventory.js';
