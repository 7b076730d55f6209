export { type Identity, readIdentity } from './identity.js';
export { afterLaunch } from './launch.js';
export { type RunStreams, runContainer } from './run-container.js';
export { TRACED_CALLS, traceCommand } from './trace-command.js';
export { TRACE_FOLDER, type TracedRun, type TraceRequest, traceRun } from './trace-run.js';
export { TracerError, type TracerErrorCode } from './tracer-error.js';
