export { renderBenchmarkPng } from './benchmark-chart';
export {
  type ClassCount,
  type ClassDistribution,
  renderClassDistributionPng,
} from './class-distribution-chart';
export { renderClassificationReport } from './classification-report';
export { type GalleryImage, selectGalleryImages } from './gallery';
export type { ImportanceMap } from './html/importance-section';
export { type ReportExtras, renderReportHtml } from './html/render-report-html';
export { predictionsCsv } from './predictions-csv';
export { renderSampleGridPng, type SampleGrid, type SampleGridRow } from './sample-grid';
export { renderStudyTable } from './study-table';
