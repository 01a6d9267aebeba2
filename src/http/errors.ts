import { AuthError, type ErrorText, SIGN_IN_COMMAND } from "../base/error.ts";

/** Node's and OpenSSL's words for a certificate that does not prove the host (node:tls, X509_V_ERR_*). */
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED/;

/** An answer that breaks HTTP (undici, which gives its parser's error no code) or its compression (zlib). */
const NOT_HTTP = /^(HTTPParserError|HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_|Z_)/;

/** Why no answer came, as far as undici's error tells. */
export function failure(host: string, error: unknown): AuthError {
  const { codes, proxyStatus } = symptoms(error);
  const certificate = codes.find((code) => CERTIFICATE.test(code));
  if (certificate !== undefined) return wrongCertificate(host, certificate);
  if (proxyStatus !== undefined) return proxyRefused(host, proxyStatus);
  if (codes.some((code) => NOT_HTTP.test(code))) return malformed(host);
  return new AuthError("portal_unreachable", {
    what: `${host} cannot be reached (${codes.at(-1) ?? "network error"}).`,
    next: RETRY,
  });
}

/** The system's own words ("ECONNREFUSED"), outermost first; never a message, which may quote data. */
function symptoms(error: unknown) {
  const codes: string[] = [];
  let proxyStatus: string | undefined;
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code = at.name === "HTTPParserError" ? at.name : undefined } = at as { code?: unknown };
    if (typeof code === "string" && /^\w+$/.test(code)) codes.push(code);
    // undici has no code of its own for it.
    proxyStatus ??= /^Proxy response \((\d{3})\)|Proxy Authentication Required \((407)\)/
      .exec(at.message)
      ?.find((part) => /^\d{3}$/.test(part ?? ""));
  }
  return { codes, proxyStatus };
}

const RETRY = `Check the connection (and HTTPS_PROXY, if you use one), then run \`${SIGN_IN_COMMAND}\`.`;
const IN_BETWEEN = remedied("Look for a proxy or captive portal in between");
const UNCHANGED = "Nothing was changed.";

function remedied(remedy: string): Pick<ErrorText, "remedy" | "next"> {
  return { remedy, next: `${remedy}, then run \`${SIGN_IN_COMMAND}\`.` };
}

function proxyRefused(host: string, status: string): AuthError {
  const why =
    status === "407" ? "it asks for a user name and password" : "it does not let the connection through";
  return new AuthError("portal_proxy_refused", {
    what: `The proxy in HTTPS_PROXY refused the connection to ${host}: ${why} (HTTP ${status}).`,
    kept: "Nothing was sent.",
    ...remedied(
      `Correct HTTPS_PROXY (\`http://user:password@host:port\`), or leave the host out of it with \`NO_PROXY=${host}\`, for a gateway that runs as a service in the service's environment`,
    ),
  });
}

function wrongCertificate(host: string, code: string): AuthError {
  return new AuthError("portal_certificate", {
    what: `The certificate of ${host} is not trusted on this machine (${code}).`,
    kept: "Nothing was sent.",
    ...remedied(
      "Check this machine's clock. Behind a proxy with a certificate authority of its own, name its file in NODE_EXTRA_CA_CERTS, for a gateway that runs as a service in the service's environment",
    ),
  });
}

export function timedOut(host: string, deadlineMs: number): AuthError {
  return new AuthError("portal_timed_out", {
    what: `${host} did not answer within ${deadlineMs / 1000} s.`,
    next: RETRY,
  });
}

export function redirected(host: string, status: number): AuthError {
  return new AuthError("portal_redirected", {
    what: `${host} answered with a redirect (HTTP ${status}); sign-in data is never sent to another address.`,
    kept: UNCHANGED,
    ...IN_BETWEEN,
  });
}

export function tooLarge(host: string, maxBytes: number): AuthError {
  return new AuthError("answer_too_large", {
    what: `${host} sent an answer larger than ${maxBytes / 1024 / 1024} MB; it was not read.`,
    kept: UNCHANGED,
    ...IN_BETWEEN,
  });
}

export function malformed(host: string): AuthError {
  return new AuthError("answer_invalid", {
    what: `${host} sent an answer that is not valid HTTP.`,
    kept: UNCHANGED,
    ...IN_BETWEEN,
  });
}

export function insecure(host: string): AuthError {
  return new AuthError("endpoint_rejected", {
    what: `${host} would be asked without encryption, which is allowed for this machine only.`,
    kept: "Nothing was sent.",
    next: "Use an `https:` address in the plugin's config, or remove it with `openclaw config unset plugins.entries.minimax-keychain.config.endpoints`.",
  });
}
