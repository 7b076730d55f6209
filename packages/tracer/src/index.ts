export { type Identity, readIdentity } from './identity.js';
export { afterLaunch } from './launch.js';
export { killAfter, type RunStreams, runContainer } from './run-container.js';
export { runService, type ServiceOutcome, type ServiceRun } from './run-service.js';
export {
  type HttpRequest,
  healthCheckOf,
  isExpected,
  printReadiness,
  printStep,
  type Readiness,
  type Service,
  type ServiceStep,
  type StepOutcome,
} from './service.js';
export { publishPorts } from './service-address.js';
export { TRACED_CALLS, traceCommand } from './trace-command.js';
export { type ExecTrace, TRACE_FOLDER, type TracedRun, type TraceRequest, traceRun } from './trace-run.js';
export { TracerError, type TracerErrorCode } from './tracer-error.js';
