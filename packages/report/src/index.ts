export { renderReport } from './render-report.js';
export type {
  ReportAmount,
  ReportCheck,
  ReportData,
  ReportEntry,
  ReportImage,
  ReportPackage,
  ReportProgram,
  ReportRun,
} from './report-data.js';
