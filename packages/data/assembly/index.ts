export { resizeColumns, resizeRows } from './resize';
