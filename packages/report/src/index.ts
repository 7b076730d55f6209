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
