export type { AccessOptions } from './access-model.js';
export type { AccessAction, AskedPath, FileAccess, OpenMode, Program } from './file-access.js';
export type { TraceInput } from './input.js';
export { parsePrintedPath, printPath } from './print-path.js';
export type { ProcessEnd } from './process-end.js';
export { type AccessReader, type AccessSummary, readAccesses, type UnparsedLine } from './read-accesses.js';
