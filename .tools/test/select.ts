/**
 * The test files to run, sorted: all but the measurements in test/bench, or those that a filter names
 * by folder, file or part of a path.
 */
export function selectTests(files: readonly string[], filters: readonly string[]): string[] {
  const paths = files.map((file) => file.replaceAll("\\", "/"));
  const wanted = filters.map((filter) => filter.replaceAll("\\", "/").replace(/^\.\//, ""));
  return paths
    .filter((path) => !path.startsWith("test/bench/"))
    .filter((path) => wanted.length === 0 || wanted.some((filter) => path.includes(filter)))
    .sort();
}
