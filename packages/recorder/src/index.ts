export type { AskedRun } from './api/to-run-options.js';
export {
  openRecorder,
  type Recorded,
  type RecordedContainer,
  type RecordedExec,
  type Recorder,
  type RecordOptions,
} from './open-recorder.js';
export {
  openRerun,
  type Rerun,
  type RerunContainer,
  type RerunExec,
  type RerunOptions,
} from './open-rerun.js';
export { type EngineProxy, openProxy, type ProxiedRequest, type ProxyHandler } from './proxy/open-proxy.js';
export type { SessionOptions } from './session/open-session.js';
export type { SavedLaunch } from './session/save-trace.js';
export type { RecordedOutput, RecordedStream } from './session/spool-output.js';
export type { Untraced } from './session/tracing-rules.js';
export type { WatchedImage } from './session/watched-container.js';
