export type {
  FleetReportCause,
  FleetReportData,
  FleetReportPackage,
  FleetReportRound,
  FleetReportSharing,
  FleetReportTask,
} from './fleet/fleet-report-data.js';
export { fleetMarkdown, fleetPage } from './fleet/render-fleet.js';
export { markdownTable, toMarkdown } from './markdown.js';
export { renderReport } from './render-report.js';
export type {
  ReportAmount,
  ReportCheck,
  ReportData,
  ReportEntry,
  ReportGenerated,
  ReportHint,
  ReportImage,
  ReportPackage,
  ReportProgram,
  ReportRun,
} from './report-data.js';
