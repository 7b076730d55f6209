export {
  connectEngine,
  type Engine,
  EngineError,
  parseTagReference,
  type RunOptions,
  resolveEngineAddress,
} from '@keepset/docker-engine';
export { formatKeepList } from '@keepset/keep-planner';
export { printPath } from '@keepset/strace-parser';
export { ToolboxError, type ToolboxSource } from '@keepset/toolbox';
export { compareRuns, type Difference, type RunOutcome } from './compare-runs.js';
export { type Manifest, type ManifestRun, writeManifest } from './manifest.js';
export { type ShrinkRequest, type ShrinkResult, shrink } from './shrink.js';
export { ShrinkError, type ShrinkErrorCode } from './shrink-error.js';
export { type ShrinkEvent, STAGES, type StageName, type StageSeconds } from './stages.js';
