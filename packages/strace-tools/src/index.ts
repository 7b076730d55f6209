export { EVENT_COLUMNS, type EventRow, eventRows, type RowType } from './exports/event-rows.js';
export { withShownBytes } from './exports/shown-bytes.js';
export { timeline } from './exports/timeline.js';
export { toCsv } from './exports/to-csv.js';
export { toNdjson } from './exports/to-ndjson.js';
export { writeParquet } from './exports/write-parquet.js';
export { writeSqlite } from './exports/write-sqlite.js';
export { openLog } from './logs/open-log.js';
export { type LogOptions, readLogs } from './logs/read-logs.js';
export { unwrapLog, type Wrapping } from './logs/unwrap-log.js';
export { type Connection, connections } from './questions/connections.js';
export { type Deed, diffRuns, type RunDifference } from './questions/diff-runs.js';
export { type Environment, environments } from './questions/environments.js';
export type { EventFilter } from './questions/event-filter.js';
export { type Aftermath, type Failure, failures } from './questions/failures.js';
export { filterEvents } from './questions/filter-events.js';
export { type ProcessNode, processTree } from './questions/process-tree.js';
export { type FileSummary, summariseFiles } from './questions/summarise-files.js';
export {
  type SlowCall,
  summariseTimes,
  type TimeSummary,
  type TimesOptions,
  type TimesSummary,
} from './questions/summarise-times.js';
export type { EventInput, QuestionOptions } from './questions/traced-events.js';
export { StraceToolsError, type StraceToolsErrorCode } from './strace-tools-error.js';
