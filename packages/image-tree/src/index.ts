export { checkTree, type TreeProblem } from './check-tree.js';
export type { ImageTree } from './image-tree.js';
export { LISTING_FORMAT } from './listing-record.js';
export { type ListingOptions, readListing } from './read-listing.js';
export { sumBytes } from './sum-bytes.js';
export { toTree } from './to-tree.js';
export type { EntryType, TreeEntry } from './tree-entry.js';
export { TreeError, type TreeErrorCode } from './tree-error.js';
