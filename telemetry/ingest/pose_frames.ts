import { Refusal } from "../../runtime/refusal.ts";
import { LandmarkCodecError } from "../codec/landmark_codec.ts";
import type { PoseBatch } from "../codec/pose_batch.ts";
import { serverCodec } from "../server_codec.ts";
import { readBody } from "./body.ts";
import { type Handler, MOST_BYTES, MOST_PLACES, type Reach, requireRoom, wasKeptNow } from "./handler.ts";
import { createRate } from "./rates.ts";
import { requireConsent } from "./session_states.ts";

/**
 * POST /v1/pose/frames (TEL-01, TEL-02): one batch of the codec, of the exercise that `x-exercise` names. It is decoded
 * whole before it is kept, so that nothing is kept which could not be read again; kept are the bytes that came.
 */
export function poseFrames({ buffer, states }: Reach): Handler {
  const mayNow = createRate({ perSecond: 2, burst: 10 });
  return async (request, token) => {
    mayNow(token.session);
    requireRoom(buffer);
    const exercise = placeOf(request.headers["x-exercise"]);
    const [body, state] = await Promise.all([
      readBody(request, { type: "application/vnd.restartix.pose", most: MOST_BYTES }),
      states.of(token),
    ]);
    requireConsent(token, state, "pose");
    const { sequence } = await decoded(body);
    const receivedAt = states.databaseNow();
    const kept = wasKeptNow(await buffer.keepBatch(token.session, { sequence, exercise, receivedAt, body }));
    return { status: 200, body: { sequence, kept } };
  };
}

function placeOf(header: string | string[] | undefined): number {
  const place = typeof header === "string" && /^\d{1,4}$/.test(header) ? Number(header) : MOST_PLACES;
  if (place >= MOST_PLACES) throw new Refusal("VALIDATION", "exercise_not_named", { field: "x-exercise" });
  return place;
}

async function decoded(body: Buffer): Promise<PoseBatch> {
  try {
    return await serverCodec.decode(body);
  } catch (error) {
    if (!(error instanceof LandmarkCodecError)) throw error;
    const isTooLarge = error.reason === "body_too_large" || error.reason === "inflated_too_large";
    throw new Refusal(isTooLarge ? "PAYLOAD_TOO_LARGE" : "VALIDATION", error.reason);
  }
}
