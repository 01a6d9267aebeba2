import assert from "node:assert/strict";
import type { Portal, Region, RequestRecord } from "../../fixtures/portal/index.ts";

/** The requests for a model's answer, oldest first. */
export function modelRequests({ record }: Portal): RequestRecord[] {
  return record.requests.filter(({ path }) => path === "/anthropic/v1/messages");
}

/** What a person must be able to rely on: each request, and at least one, carried this token as Bearer. */
export function assertEachCarried(
  requests: readonly RequestRecord[],
  expected: { region: Region; generation: number },
): void {
  assert.ok(requests.length > 0, "no request reached the portal");
  for (const { region, token, status } of requests) {
    assert.deepEqual(
      { region, generation: token?.generation, state: token?.state, status },
      {
        ...expected,
        state: "live",
        status: 200,
      },
    );
    assert.notEqual(token?.via, "x-api-key", "without Authorization: Bearer");
  }
}

/** How many refreshes the portal was asked for, successful or not. */
export function refreshCalls({ record }: Portal): number {
  return record.tokenCalls.filter(({ grant }) => grant === "refresh_token").length;
}
