export { reportPage } from "./page/page.ts";
export type {
  ReportChoice,
  ReportData,
  ReportFit,
  ReportMixture,
  ReportOutlier,
  ReportSample,
  ReportTrace,
} from "./report-data.ts";
export { MOST_SAMPLE_ROWS } from "./report-data.ts";
