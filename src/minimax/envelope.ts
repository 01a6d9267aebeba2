import * as z from "zod";

/** MiniMax's envelope for errors inside HTTP 200; `status_code` 0 means success. */
const baseResp = z.object({ status_code: z.number(), status_msg: z.string().optional() }).optional();

/** The part of any answer that says how it went. */
export const answerEnvelope = z.object({
  status: z.string().nullish().catch(undefined),
  base_resp: baseResp.catch(undefined),
  error: z.string().nullish().catch(undefined),
  error_description: z.string().nullish().catch(undefined),
});

export type AnswerEnvelope = z.infer<typeof answerEnvelope>;
