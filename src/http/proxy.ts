import { AuthError, SIGN_IN_COMMAND } from "../base/error.ts";

export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * The environment's proxies; the lower-case names win, as in curl. A proxy without a scheme is an HTTP proxy.
 * @throws AuthError `config_invalid` for one that is no URL; its text is not quoted, it may hold a password
 */
export function proxySettings(env: NodeJS.ProcessEnv): ProxySettings {
  // An empty string, not undefined: undici would fall back to the process's own environment.
  return {
    httpProxy: proxyUrl(env, "http_proxy"),
    httpsProxy: proxyUrl(env, "https_proxy"),
    noProxy: env.no_proxy ?? env.NO_PROXY ?? "",
  };
}

function proxyUrl(env: NodeJS.ProcessEnv, name: "http_proxy" | "https_proxy"): string {
  const text = (env[name] ?? env[name.toUpperCase()] ?? "").trim();
  if (text === "") return "";
  const absolute = text.includes("://") ? text : `http://${text}`;
  if (!isProxyUrl(absolute)) throw invalid(name);
  return absolute;
}

function isProxyUrl(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    // undici decodes them, and throws what is no AuthError.
    decodeURIComponent(username + password);
    return /^(https?|socks5?):$/.test(protocol);
  } catch {
    return false;
  }
}

function invalid(name: string): AuthError {
  return new AuthError("config_invalid", {
    what: `The proxy in the variable ${name.toUpperCase()} (or ${name}) is not a URL.`,
    kept: "Nothing was sent.",
    next: `Write it as \`http://user:password@host:port\` with special characters percent-encoded, then run \`${SIGN_IN_COMMAND}\`.`,
  });
}
