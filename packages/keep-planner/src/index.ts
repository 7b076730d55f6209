export type { RunAccesses } from './fold-accesses.js';
export type { ImageNeeds } from './image-needs.js';
export { formatKeepList, parseKeepList } from './keep-list.js';
export { PlanError, type PlanErrorCode } from './plan-error.js';
export { type KeepPlan, type KeptPath, type PlanOptions, planKeep } from './plan-keep.js';
export type { PlanWarning } from './plan-warning.js';
export type { AccessReason, KeepRule, Reason, RuleReason } from './reason.js';
export type { SourceImage } from './source-image.js';
