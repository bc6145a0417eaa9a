export { reportPage } from "./page/page.ts";
export { pairPicture } from "./picture.ts";
export { reportPng } from "./png.ts";
export {
  MOST_SAMPLE_ROWS,
  type ReportChoice,
  type ReportData,
  type ReportFit,
  type ReportMixture,
  type ReportOutlier,
  type ReportSample,
  type ReportTrace,
} from "./report-data.ts";
export { sparkline } from "./terminal/sparkline.ts";
export { summaryText } from "./terminal/summary.ts";
