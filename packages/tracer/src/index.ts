export type { CrawlLimits } from './crawl/crawl-pages.js';
export type { ExecTrace } from './launch/exec-traces.js';
export { type Identity, readIdentity } from './launch/identity.js';
export { type Launch, type LaunchRequest, planLaunch } from './launch/plan-launch.js';
export {
  type ProgramAccesses,
  type ProgramOptions,
  readProgramAccesses,
} from './launch/program-accesses.js';
export { type ProgramCall, readProgramCalls } from './launch/program-calls.js';
export { askIdentity, type IdentityRequest } from './launch/run-identity.js';
export { TRACED_CALLS, traceCommand } from './launch/trace-command.js';
export { type TraceErrors, watchTraceErrors } from './launch/trace-errors.js';
export { TRACE_FOLDER } from './launch/trace-files.js';
export { killAfter, type RunStreams, runContainer } from './run/run-container.js';
export { askService, runService, type ServiceOutcome, type ServiceRun } from './service/run-service.js';
export {
  type HttpRequest,
  healthCheckOf,
  isExpected,
  printReadiness,
  printStep,
  type Readiness,
  readinessOf,
  type Service,
  type ServiceStep,
  type StepOutcome,
} from './service/service.js';
export { publishPorts } from './service/service-address.js';
export { type TracedRun, type TraceRequest, traceRun } from './trace-run.js';
export { TracerError, type TracerErrorCode } from './tracer-error.js';
