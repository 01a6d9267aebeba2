import type { OpenClawPluginApi } from "openclaw/plugin-sdk/plugin-entry";
import type { CommandContext, CommonOptions } from "../cli/command.ts";
import type { PresetOptions } from "../presets/command.ts";
import type { Runtime } from "../runtime.ts";

const NAME = "minimax-portal";

type Program = Parameters<Parameters<OpenClawPluginApi["registerCli"]>[0]>[0]["program"];
type Work<Options> = (context: CommandContext, options: Options) => Promise<number>;

const EXIT_CODES = `
Exit codes: 0 done; 1 it could not be done, or a person is needed; 2 wrong use; 130 interrupted.`;

/** `openclaw minimax-portal …`. What a command does is loaded when it runs. */
export function registerCommands(api: OpenClawPluginApi, runtime: Runtime): void {
  api.registerCli(
    ({ program, config }) => {
      const command = strict(
        program.command(NAME).description("MiniMax sign-in: who is signed in, what is left, what is wrong"),
      );
      command.addHelpText("after", EXIT_CODES);

      /** Adds a command with the options that all have. */
      const add = <Options extends CommonOptions>(
        name: string,
        description: string,
        load: () => Promise<Work<Options>>,
      ): Program =>
        command
          .command(name)
          .description(description)
          .option("--account <name>", "another account than the configured one")
          .option("--json", "for programs: one JSON object on stdout")
          .addHelpText("after", EXIT_CODES)
          .action(async (options: Options) => {
            const { runCommand } = await import("../cli/command.ts");
            const work = await load();
            process.exitCode = await runCommand(runtime, config, options, (context) =>
              work(context, options),
            );
          });

      add(
        "status",
        "Show the sign-in: endpoint, keychain, token, plan",
        async () => (await import("./status.ts")).status,
      ).option("--no-usage", "without asking MiniMax what is left of the plan");
      add("login", "Sign in, without the rest of onboarding", async () => (await import("./login.ts")).login)
        .option("--region <region>", "global (api.minimax.io) or cn (api.minimaxi.com)")
        .option("--store <name>", "auto, keytar, secret-service or encrypted-file");
      add("logout", "Delete the tokens", async () => (await import("./logout.ts")).logout)
        .option("--all", "every account of this user")
        .option("--clean-config", "also take what signing in wrote out of OpenClaw's config; --all does too");
      add("refresh", "Replace the token now", async () => (await import("./refresh.ts")).refresh);
      add("usage", "Show what is left of the plan", async () => (await import("./usage.ts")).usage);
      add(
        "doctor",
        "Check everything, and say how to put it right",
        async () => (await import("../doctor/doctor.ts")).doctor,
      ).option("--online", "also ask MiniMax; without it nothing leaves this machine");
      add(
        "import",
        "Take over a login that OpenClaw or mmx-cli keeps in plain text",
        async () => (await import("../import/import.ts")).importLogin,
      )
        .option("--from <place>", "openclaw, mmx or minimax-cli; otherwise the first that has one")
        .option("--region <region>", "global or cn, where the login does not say")
        .option("--discard", "delete such logins, without taking them over");

      command
        .command("move")
        .description("Move the tokens to another store, without signing in again")
        .requiredOption("--store <name>", "keytar, secret-service or encrypted-file")
        .option("--account <name>", "another account than the configured one")
        .action(async (options: CommonOptions & { readonly store: string }) => {
          const [{ runCommand }, { move }] = await Promise.all([
            import("../cli/command.ts"),
            import("./move.ts"),
          ]);
          process.exitCode = await runCommand(runtime, config, options, (context) =>
            move(context, options.store),
          );
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
        .action(async (name: string | undefined, options: CommonOptions & PresetOptions) => {
          const [{ runCommand }, { preset }] = await Promise.all([
            import("../cli/command.ts"),
            import("../presets/command.ts"),
          ]);
          process.exitCode = await runCommand(runtime, config, options, (context) =>
            preset(context, name, options),
          );
        });

      command
        .command("key <action>")
        .description(
          "MiniMax's API key in the OS keychain: set (asks for it, or reads stdin), status, delete",
        )
        .action(async (action: string) => {
          const [{ runCommand }, { key }] = await Promise.all([
            import("../cli/command.ts"),
            import("../api-key/command.ts"),
          ]);
          process.exitCode = await runCommand(runtime, config, {}, (context) => key(context, action));
        });
    },
    { commands: [NAME] },
  );
}

/** Wrong use ends with 2, which commander would call 1; its message is printed already by then. */
function strict(command: Program): Program {
  return command
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .showHelpAfterError(false);
}
