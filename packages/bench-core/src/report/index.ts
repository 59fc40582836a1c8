export { renderBenchmarkPng } from './benchmark-chart';
export { renderClassificationReport } from './classification-report';
export { predictionsCsv } from './predictions-csv';
export { renderStudyTable } from './study-table';
