export type { AccessOptions } from './accesses/access-model.js';
export type { AccessAction, AskedPath, FileAccess, OpenMode, Program } from './accesses/file-access.js';
export { fileAccesses } from './accesses/file-accesses.js';
export { FileModel } from './accesses/file-model.js';
export {
  type AccessReader,
  type AccessSummary,
  readAccesses,
  type UnparsedLine,
} from './accesses/read-accesses.js';
export type * from './arguments/argument-tree.js';
export { type CallResult, parseResult, printResult } from './arguments/call-result.js';
export { parseArguments } from './arguments/parse-arguments.js';
export { printArgument, printArguments } from './arguments/print-arguments.js';
export { isRoundTrip } from './events/check-round-trip.js';
export type * from './events/events.js';
export { type EventReader, parseStrace } from './events/parse-strace.js';
export { parseStraceSet, type TraceFile } from './events/parse-strace-set.js';
export { parseSummary, type SummaryRow, type SummaryTable } from './events/parse-summary.js';
export { printEvent, printLines } from './events/print-event.js';
export type { ByteStream, TraceInput } from './input.js';
export type { ForeignPrefix } from './lines/foreign-prefix.js';
export type { ReaderOptions } from './lines/log-reader.js';
export type { Prefix } from './lines/parse-prefix.js';
export type { ProcessEnd } from './lines/process-end.js';
export type { TracedProcess } from './processes/traced-process.js';
export { type EscapeStyle, escapeC, unescapeC } from './text/c-escape.js';
export { parsePrintedPath, printPath } from './text/print-path.js';
