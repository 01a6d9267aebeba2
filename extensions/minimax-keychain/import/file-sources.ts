import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { type PlainLogin, parseJson, parseRegion, type RegionId, Secret } from "../../../src/index.ts";
import type { FoundLogin, PlainLoginSource } from "./sources.ts";

/** mmx-cli's own client (seen on the wire of mmx-cli 1.0.27); its refresh tokens are bound to it. */
const MMX_CLIENT_ID = "659cf4c1-615c-45f6-a5f6-4bf15eb476e5";

const token = z.string().min(1);
const mmxLogin = z.object({
  access_token: token,
  refresh_token: token,
  expires_at: z.string().transform((text, context) => {
    const at = Date.parse(text);
    if (Number.isNaN(at)) context.addIssue("no date");
    return at;
  }),
});
const cliLogin = z.object({ access_token: token, refresh_token: token, expiry_date: z.number().positive() });

/** `~/.mmx/config.json` of mmx-cli 1.0.27: the login lies under `oauth`, beside settings that stay. */
export function mmxSource(env: NodeJS.ProcessEnv): PlainLoginSource {
  const file = join(env.MMX_CONFIG_DIR || join(homeOf(env), ".mmx"), "config.json");
  return {
    id: "mmx",
    label: "mmx-cli",
    code: "mmx_login_left",
    find: findIn(file, ({ oauth, region: configured }) => {
      if (oauth === undefined) return undefined;
      const parsed = mmxLogin.safeParse(oauth);
      const region = regionIn((oauth as { region?: unknown } | null)?.region ?? configured);
      const login = parsed.success ? plain(parsed.data, parsed.data.expires_at, MMX_CLIENT_ID) : undefined;
      return { from: "mmx", place: file, login, region, remove: async () => removeKey(file, "oauth") };
    }),
  };
}

/** `~/.minimax/oauth_creds.json` of the older MiniMax CLI, which OpenClaw reads as well; nothing else is in it. */
export function minimaxCliSource(env: NodeJS.ProcessEnv): PlainLoginSource {
  const file = join(homeOf(env), ".minimax", "oauth_creds.json");
  return {
    id: "minimax-cli",
    label: "MiniMax CLI",
    code: "minimax_cli_login_left",
    find: findIn(file, (content) => {
      const parsed = cliLogin.safeParse(content);
      const login = parsed.success ? plain(parsed.data, parsed.data.expiry_date) : undefined;
      const region = regionIn(content.region);
      return { from: "minimax-cli", place: file, login, region, remove: async () => rmSync(file) };
    }),
  };
}

/** Looks into the file, if there is one; `loginIn` gives undefined where the file is about other things only. */
function findIn(
  file: string,
  loginIn: (content: Record<string, unknown>) => FoundLogin | undefined,
): PlainLoginSource["find"] {
  return async () => {
    const content = read(file);
    if (content === "unreadable") return content;
    const found = content && loginIn(content);
    return found ? [found] : [];
  };
}

const homeOf = (env: NodeJS.ProcessEnv) => env.HOME || homedir();

function plain(
  tokens: { readonly access_token: string; readonly refresh_token: string },
  expiresAt: number,
  clientId?: string,
): PlainLogin {
  return {
    accessToken: new Secret(tokens.access_token),
    refreshToken: new Secret(tokens.refresh_token),
    expiresAt: Math.max(1, Math.round(expiresAt)),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

function read(file: string): Record<string, unknown> | "unreadable" | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : "unreadable";
  }
  const content = parseJson(text);
  return typeof content === "object" && content !== null
    ? (content as Record<string, unknown>)
    : "unreadable";
}

/** In one step, so that the program never finds half a file. */
function removeKey(file: string, key: string): void {
  const { [key]: _, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, `${JSON.stringify(rest, null, 2)}\n`, {
      mode: statSync(file).mode & 0o777,
      flag: "wx",
    });
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

function regionIn(value: unknown): RegionId | undefined {
  try {
    return typeof value === "string" ? parseRegion(value) : undefined;
  } catch {
    return undefined;
  }
}
