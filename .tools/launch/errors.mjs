/** A failure told to the person in full by its message, without a stack trace. */
export class LaunchError extends Error {
  /** @param {string} message @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
