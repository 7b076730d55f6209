export { BASE, type CallFamily, FURTHER_FAMILIES } from './call-families.js';
export { capabilityOf } from './capability-of.js';
export { compareRights, type RightChange } from './compare-rights.js';
export { type CallCounts, countCalls } from './count-calls.js';
export { type ContainerOptions, containerOptions } from './files/container-options.js';
export { hardeningFiles } from './files/hardening-files.js';
export {
  type FoundPlaces,
  findPlaces,
  type ImageEntry,
  type PlacesImage,
  type WrittenPlace,
} from './find-places.js';
export { findRights, type RightsOptions } from './find-rights.js';
export type { Hardening, UsedFiles, UsedMount } from './hardening.js';
export { HardeningError, type HardeningErrorCode } from './hardening-error.js';
export { mergeHardenings } from './merge-hardenings.js';
export { mergeMounts } from './merge-mounts.js';
export { mergeRights } from './merge-rights.js';
export type { BoundPort, CallUse, Denial, Observation } from './observation.js';
export { joinObservations, observeCalls } from './observe-calls.js';
export type { ObservedCall } from './observed-call.js';
export { printReason } from './print-reason.js';
export type {
  ArgumentRule,
  CallRight,
  CapabilityRight,
  NetworkNeed,
  RightReason,
  Rights,
  UseSite,
  WritablePlace,
} from './rights.js';
export { RUNTIME_CALLS, type RuntimeCall } from './runtime-calls.js';
export {
  type SeccompArgument,
  type SeccompProfile,
  type SeccompRule,
  toSeccompProfile,
} from './seccomp-profile.js';
export { type WidenOptions, widenRights } from './widen-rights.js';
