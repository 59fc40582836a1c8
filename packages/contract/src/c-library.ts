/**
 * Whether this is a Linux with musl in the place of the GNU C library, as Alpine is: native code that was built for the one cannot be
 * loaded under the other.
 */
export function hasMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  const before = report.excludeNetwork;
  // The names of the network's addresses would be looked up.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  if (before !== undefined) report.excludeNetwork = before;
  return header?.glibcVersionRuntime === undefined;
}
