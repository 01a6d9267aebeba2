import { brotliCompressSync, gzipSync } from "node:zlib";
import type { ErrorCode } from "../../src/index.ts";
import { answer, endlessly, type Headers, type RawRequest, type Respond } from "./raw-server.ts";

/** What the portal does to a device or a token request, and how that ends. */
export type Behaviour = readonly [
  name: string,
  at: "device" | "token",
  respond: Respond,
  outcome: ErrorCode | "success",
];

/** In every token answer; must appear in no message. */
export const SECRET = "the-secret-token";

const device = ({ form }: RawRequest, changes: object = {}) => ({
  user_code: "AB-12",
  verification_uri: "https://platform.minimax.io/oauth-authorize",
  expired_in: Date.now() + 600_000,
  interval: 1_000,
  state: form.get("state"),
  ...changes,
});
const token = (changes: object = {}) => ({
  status: "success",
  access_token: SECRET,
  refresh_token: `${SECRET}-2`,
  expired_in: 3_600,
  ...changes,
});

const TOKEN = JSON.stringify(token());
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/** Raw bytes, then what the socket is left to. */
const raw =
  (bytes: string | Buffer): Respond =>
  (socket) =>
    socket.write(bytes);
const rawAndClose =
  (bytes: string | Buffer): Respond =>
  (socket) =>
    socket.end(bytes);
const body = (text: string | Buffer, headers?: Headers, status?: string) =>
  raw(answer(text, headers, status));
const tokenWith = (changes: object) => body(JSON.stringify(token(changes)));
const deviceWith =
  (changes: object): Respond =>
  (socket, request) =>
    socket.write(answer(JSON.stringify(device(request, changes))));

const slow: Behaviour[] = [
  ["says nothing", "token", () => {}, "portal_timed_out"],
  ["slow headers", "token", (socket) => endlessly(socket, "X", 40), "answer_invalid"],
  [
    "slow headers that are headers",
    "token",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      endlessly(socket, "X-A: b\r\n", 40);
    },
    "portal_timed_out",
  ],
  [
    "slow body",
    "token",
    (socket) => {
      socket.write(`${HEAD}Content-Length: 9000\r\n\r\n`);
      endlessly(socket, " ", 40);
    },
    "portal_timed_out",
  ],
  [
    "slow chunks without end",
    "device",
    (socket) => {
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      endlessly(socket, "1\r\n \r\n", 40);
    },
    "portal_timed_out",
  ],
  ["less body than promised", "token", raw(`${HEAD}Content-Length: 500\r\n\r\n{`), "portal_timed_out"],
  [
    "early hints for ever",
    "token",
    (socket) => endlessly(socket, "HTTP/1.1 103 Hints\r\n\r\n", 40),
    "portal_timed_out",
  ],
];

const large: Behaviour[] = [
  [
    "endless body",
    "token",
    (socket) => {
      socket.write(`${HEAD}\r\n`);
      endlessly(socket, "a".repeat(65_536));
    },
    "answer_too_large",
  ],
  [
    "endless headers",
    "token",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      endlessly(socket, `X-A: ${"b".repeat(1_000)}\r\n`);
    },
    "answer_invalid",
  ],
  [
    "gzip bomb",
    "token",
    body(gzipSync(Buffer.alloc(50_000_000)), { "Content-Encoding": "gzip" }),
    "answer_too_large",
  ],
  ["a code of a megabyte", "device", deviceWith({ user_code: "A".repeat(1_000_000) }), "answer_invalid"],
  [
    "JSON nested a hundred thousand deep",
    "token",
    body("[".repeat(100_000) + "]".repeat(100_000)),
    "portal_unavailable",
  ],
  [
    "an object nested fifty thousand deep",
    "token",
    body(`{"a":${'{"a":'.repeat(50_000)}1${"}".repeat(50_001)}`),
    "answer_invalid",
  ],
];

const broken: Behaviour[] = [
  ["closes without a byte", "token", (socket) => socket.end(), "portal_unreachable"],
  ["resets", "token", (socket) => socket.resetAndDestroy(), "portal_unreachable"],
  [
    "closed in the middle of a promised body",
    "token",
    rawAndClose(`${HEAD}Content-Length: 500\r\n\r\n{"status"`),
    "portal_unreachable",
  ],
  [
    "closed in the middle of the JSON",
    "token",
    rawAndClose(`${HEAD}Connection: close\r\n\r\n${TOKEN.slice(0, 40)}`),
    "answer_invalid",
  ],
  ["not HTTP at all", "token", raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "answer_invalid"],
  [
    "an HTTP version that does not exist",
    "token",
    rawAndClose(`HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n`),
    "answer_invalid",
  ],
  [
    "a broken chunk size",
    "token",
    raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`),
    "answer_invalid",
  ],
  [
    "two lengths",
    "token",
    raw(`${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`),
    "answer_invalid",
  ],
  [
    "a header with a zero byte",
    "token",
    raw(`${HEAD}X-A: \u0000\r\nContent-Length: 0\r\n\r\n`),
    "answer_invalid",
  ],
  [
    "switches protocols",
    "token",
    raw("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    "portal_unreachable",
  ],
  ["status 999", "token", body(TOKEN, {}, "999 Odd"), "answer_invalid"],
  ["plain text called gzip", "token", body(TOKEN, { "Content-Encoding": "gzip" }), "answer_invalid"],
];

const words: Behaviour[] = [
  ["wrong content type", "token", body(TOKEN, { "Content-Type": "text/html" }), "success"],
  [
    "a web page",
    "token",
    body("<html>Welcome to the airport</html>", { "Content-Type": "text/html" }),
    "answer_invalid",
  ],
  [
    "invalid UTF-8 in a token",
    "token",
    body(Buffer.from(TOKEN.replace(SECRET, "a\xff"), "latin1")),
    "answer_invalid",
  ],
  ["UTF-16", "token", body(Buffer.from(TOKEN, "utf16le")), "answer_invalid"],
  ["a byte order mark", "token", body(`\ufeff${TOKEN}`), "success"],
  ["duplicate JSON keys", "token", body(TOKEN.replace("{", '{"status":"error",')), "success"],
  [
    "__proto__",
    "token",
    body(TOKEN.replace("{", '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},')),
    "success",
  ],
  ["something after the JSON", "token", body(`${TOKEN}{}`), "answer_invalid"],
  ["an empty body", "token", body(""), "portal_unavailable"],
  ["no content", "token", raw("HTTP/1.1 204 No Content\r\n\r\n"), "portal_unavailable"],
  ["a bare null", "token", body("null"), "portal_unavailable"],
  ["a token that is a number", "token", tokenWith({ access_token: 7 }), "answer_invalid"],
  [
    "a token that would split a header",
    "token",
    tokenWith({ access_token: `${SECRET}\r\nX-Evil: 1` }),
    "answer_invalid",
  ],
  [
    "ANSI escapes in an error",
    "token",
    tokenWith({
      status: "error",
      refresh_token: "",
      base_resp: { status_code: 9, status_msg: "\u001b[2J\u001b]0;x\u0007\u202eevil\r\n" },
    }),
    "portal_unavailable",
  ],
  [
    "success and an error code at once",
    "token",
    tokenWith({ base_resp: { status_code: 9, status_msg: "token revoked" } }),
    "success",
  ],
  ["a status from the future, and tokens", "token", tokenWith({ status: "pondering" }), "success"],
  ["a status from the future", "token", body(JSON.stringify({ status: "pondering" })), "portal_unavailable"],
];

// The server has replaced the refresh token by the time that it answers: an absurd life is no reason to throw
// away the tokens beside it, which are taken for a short one.
const numbers: Behaviour[] = [
  ["huge numbers", "token", tokenWith({ expired_in: 1e308 }), "success"],
  ["a number beyond all numbers", "token", body(TOKEN.replace("3600", "1e999")), "success"],
  ["zero expiry", "device", deviceWith({ expired_in: 0 }), "answer_invalid"],
  ["negative expiry", "token", tokenWith({ expired_in: -3_600 }), "success"],
  ["an expiry in words", "token", tokenWith({ expired_in: "soon" }), "success"],
  ["negative interval", "device", deviceWith({ interval: -5 }), "success"],
  ["zero interval", "device", deviceWith({ interval: 0 }), "success"],
  ["an interval of ages", "device", deviceWith({ interval: 1e15 }), "success"],
  ["Retry-After in words", "token", body("", { "Retry-After": "soon" }, "503 No"), "portal_unavailable"],
  [
    "Retry-After of ages",
    "token",
    body("", { "Retry-After": "9".repeat(30) }, "429 No"),
    "portal_unavailable",
  ],
];

const elsewhere: Behaviour[] = [
  [
    "redirect to another host",
    "token",
    body("", { Location: "https://evil.example/" }, "307 Moved"),
    "portal_redirected",
  ],
  [
    "redirect that turns a POST into a GET",
    "device",
    body("", { Location: "/oauth2/device/code" }, "303 Moved"),
    "portal_redirected",
  ],
  ["redirect without an address", "token", body("", {}, "302 Moved"), "portal_redirected"],
  [
    "a page on another host",
    "device",
    deviceWith({ verification_uri: "https://minimax.io.evil.example/" }),
    "answer_invalid",
  ],
  [
    "a page without TLS",
    "device",
    deviceWith({ verification_uri: "http://platform.minimax.io/" }),
    "answer_invalid",
  ],
  [
    "a page that is a script",
    "device",
    deviceWith({ verification_uri: "javascript:alert(1)//minimax.io" }),
    "answer_invalid",
  ],
  [
    "a page with a password in it",
    "device",
    deviceWith({ verification_uri: "https://a:b@platform.minimax.io/" }),
    "answer_invalid",
  ],
  ["another sign-in's state", "device", deviceWith({ state: "another" }), "state_mismatch"],
  ["a code of escapes only", "device", deviceWith({ user_code: "\u001b\u0007\u202e" }), "answer_invalid"],
];

const odd: Behaviour[] = [
  ["a go-ahead that nobody waits for", "token", raw("HTTP/1.1 100 Continue\r\n\r\n"), "portal_unreachable"],
  ["HTTP/1.0", "token", rawAndClose(`HTTP/1.0 200 OK\r\n\r\n${TOKEN}`), "success"],
  [
    "an answer in single bytes",
    "token",
    (socket) => [...answer(TOKEN)].forEach((byte) => void socket.write(Buffer.of(byte))),
    "success",
  ],
  [
    "hints, then the answer",
    "token",
    raw(Buffer.concat([Buffer.from("HTTP/1.1 103 Hints\r\n\r\n"), answer(TOKEN)])),
    "success",
  ],
  ["Brotli", "token", body(brotliCompressSync(TOKEN), { "Content-Encoding": "br" }), "success"],
  [
    "unauthorized with a challenge",
    "token",
    body("", { "WWW-Authenticate": 'Basic realm="x"' }, "401 No"),
    "portal_unavailable",
  ],
  [
    "a web page for a gateway that is down",
    "token",
    body("<html>502</html>", {}, "502 Bad Gateway"),
    "portal_unavailable",
  ],
];

export const BEHAVIOURS: readonly Behaviour[] = [
  ...slow,
  ...large,
  ...broken,
  ...words,
  ...numbers,
  ...elsewhere,
  ...odd,
];
