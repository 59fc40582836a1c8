export { contenderTitle, readResults } from '@dlcmp/bench-core/results';
export type { Answer } from './answer';
export { renderBenchmarkPng } from './benchmark-chart';
export { type ChartFiles, renderChartFiles } from './chart-files';
export {
  type ClassCount,
  type ClassDistribution,
  renderClassDistributionPng,
} from './class-distribution-chart';
export { renderClassificationReport } from './classification-report';
export {
  deploymentSentence,
  deploymentTable,
  environmentsSentence,
  environmentsTable,
  pruneCommands,
} from './deployment-table';
export { formatFigure, formatSeconds } from './format-number';
export type { GalleryImage } from './gallery';
export type { ImportanceMap } from './html/importance-section';
export { type ReportExtras, renderReportHtml } from './html/render-report-html';
export {
  INFERENCE_COLUMNS,
  inferenceRow,
  inferenceSentences,
} from './inference/inference-words';
export { renderInferenceHtml } from './inference/render-inference-html';
export { githubAnnotations, junitXml } from './junit-xml';
export {
  firstEpochSentence,
  nodeAgainstPythonTable,
  peerClocksSentence,
} from './node-against-python-words';
export { predictionsCsv } from './predictions-csv';
export { createReport, type Report, type ReportedContender } from './report';
export { renderSampleGridPng, type SampleGrid, type SampleGridRow } from './sample-grid';
export { serverSentence, serverTable } from './server-table';
export { type RefusedEntry, renderSite, type Site } from './site/render-site';
export type { SiteEntry } from './site/site-studies';
export { soakSentence, soakTable } from './soak-table';
export { renderStudyTable } from './study-table';
export { summaryMarkdown } from './summary-markdown';
export { renderTextTable, type TextColumn } from './text-table';
export { timeToAccuracySentence } from './time-to-accuracy-words';
export { trialsCsv } from './trials-csv';
export { wrapWords } from './wrap-words';
