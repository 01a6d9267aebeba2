import type { ProviderWrapStreamFnContext } from "openclaw/plugin-sdk/plugin-entry";
import { isUnauthorized } from "./requests/errors.ts";

type StreamFn = NonNullable<ProviderWrapStreamFnContext["streamFn"]>;
type EventStream = Awaited<ReturnType<StreamFn>>;

/**
 * Makes a request that was answered 401 once more, by when `request` carries another token. The host does
 * so within an agent's run only: a completion outside of one (`openclaw infer`, a title) would fail, and in
 * a process of its own fail again each time, for the next process knows nothing of the 401.
 */
export function withSecondTry(request: StreamFn): StreamFn {
  return async (model, context, options) => {
    const again = async () => request(model, context, options);
    try {
      return eitherOf(await again(), again);
    } catch (error) {
      if (error instanceof Error && isUnauthorized(error.message)) return again();
      throw error;
    }
  };
}

/** `first`, or the stream of a second request when the first was answered 401. */
function eitherOf(first: EventStream, again: () => Promise<EventStream>): EventStream {
  let made: Promise<EventStream> | undefined;
  const second = () => {
    made ??= again();
    return made;
  };
  async function* events() {
    for await (const event of first) {
      if (event.type === "error" && isUnauthorized(event.error.errorMessage)) return yield* await second();
      yield event;
    }
  }
  return {
    [Symbol.asyncIterator]: events,
    async result() {
      const message = await first.result();
      return isUnauthorized(message.errorMessage) ? (await second()).result() : message;
    },
  };
}
