// What of ours a request meets, as one entry point for the bundler: peers are measured as they are
// published, and so are we.
export { withLiveToken } from "../../../extensions/minimax-keychain/requests/live-token.ts";
export { createAuth, reveal } from "../../../src/index.ts";
