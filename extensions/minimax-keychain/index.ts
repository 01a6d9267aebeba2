import { definePluginEntry } from "openclaw/plugin-sdk/plugin-entry";
import { registerCommands } from "./commands/index.ts";
import { gatewayService } from "./gateway-service.ts";
import { PLUGIN_ID } from "./names.ts";
import { portalProvider } from "./requests/provider.ts";
import { createRuntime } from "./runtime.ts";
import { chatLogin } from "./sign-in/chat-login.ts";
import { setupProvider } from "./sign-in/setup-provider.ts";

export default definePluginEntry({
  id: PLUGIN_ID,
  name: "MiniMax sign-in",
  description: "Signs in to MiniMax's coding plan; tokens in the OS keychain, refreshed before they expire",
  register(api) {
    const runtime = createRuntime(api);
    api.registerProvider(setupProvider(runtime));
    api.registerProvider(portalProvider(runtime));
    api.registerService(gatewayService(runtime));
    api.registerCommand(chatLogin(runtime));
    registerCommands(api, runtime);
  },
});
