export type { Ecosystem, InstalledPackage } from './installed-package.js';
export type { OperatingSystem } from './os-release.js';
export type { InventoryWarning } from './package-reader.js';
export { type Inventory, type InventorySource, readInventory } from './read-inventory.js';
