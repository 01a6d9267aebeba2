import type { OpenClawPluginApi } from "openclaw/plugin-sdk/plugin-entry";
import { DEFAULT_ACCOUNT } from "../names.ts";
import { configuredAccount } from "../placeholder.ts";
import type { Runtime } from "../runtime.ts";
import type { PresetOptions } from "./preset.ts";

const NAME = "minimax-portal";

interface AccountOptions {
  readonly account?: string;
  readonly json?: boolean;
}

/** `openclaw minimax-portal …`. What a command does is loaded when it runs. */
export function registerCommands(api: OpenClawPluginApi, runtime: Runtime): void {
  api.registerCli(
    ({ program, config }) => {
      const accountOf = ({ account }: AccountOptions) =>
        account ?? configuredAccount(config) ?? runtime.config.account ?? DEFAULT_ACCOUNT;
      const command = program.command(NAME).description("MiniMax sign-in: who is signed in, and signing out");

      command
        .command("status")
        .description("Show the sign-in: endpoint, keychain, token life")
        .option("--account <name>", "another account than the configured one")
        .option("--json", "for programs")
        .action(async (options: AccountOptions) => {
          const { status } = await import("./status.ts");
          process.exitCode = await status(runtime.auth, accountOf(options), options.json === true);
        });

      command
        .command("move")
        .description("Move the tokens to another store, without signing in again")
        .requiredOption("--store <name>", "keytar, secret-service or encrypted-file")
        .option("--account <name>", "another account than the configured one")
        .action(async (options: AccountOptions & { readonly store: string }) => {
          const { move } = await import("./move.ts");
          process.exitCode = await move(runtime.auth, accountOf(options), options.store);
        });

      command
        .command("preset [name]")
        .description(
          "Set up oauth, api-key, fallback or lm-studio: shows the change and asks before it writes",
        )
        .option("--yes", "apply without asking")
        .option("--undo", "take the newest preset back")
        .option("--model <id>", "another model than the preset's")
        .option("--region <region>", "global or cn")
        .option("--api <form>", "api-key: anthropic or openai")
        .option("--with <provider>", "fallback: minimax or minimax-portal")
        .option("--primary <model>", "fallback: the first model")
        .option("--account <name>", "another account than the configured one")
        .action(async (name: string | undefined, options: AccountOptions & PresetOptions) => {
          const { preset } = await import("./preset.ts");
          process.exitCode = await preset(runtime, accountOf(options), name, options);
        });

      command
        .command("key <action>")
        .description(
          "MiniMax's API key in the OS keychain: set (asks for it, or reads stdin), status, delete",
        )
        .action(async (action: string) => {
          const { key } = await import("./key.ts");
          process.exitCode = await key(runtime, action);
        });

      command
        .command("logout")
        .description("Delete the tokens from the keychain")
        .option("--account <name>", "another account than the configured one")
        .action(async (options: AccountOptions) => {
          const { logout } = await import("./logout.ts");
          process.exitCode = await logout(runtime.auth, accountOf(options));
        });
    },
    { commands: [NAME] },
  );
}
