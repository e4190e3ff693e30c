import { z } from "zod";
import type { WebhookHandler } from "./receipt.ts";

const event = z.looseObject({
  payload: z.looseObject({
    room_name: z.string().max(200).optional(),
    room: z.string().max(200).optional(),
    recording_id: z.string().max(200).optional(),
    duration: z.number().nonnegative().optional(),
    meeting_id: z.string().max(150).optional(),
    start_ts: z.number().nonnegative().max(1e11).optional(),
    end_ts: z.number().nonnegative().max(1e11).optional(),
  }),
});

/**
 * What Daily tells of rooms (APT-07): that a call ended and how long it took (FND-20), that a recording ended or can be had. The rest is
 * of no interest.
 */
export const dailyEvents: WebhookHandler = {
  provider: "daily",
  async apply(client, { integrationId, type, rawBody }) {
    const { success, data } = event.safeParse(JSON.parse(rawBody.toString("utf8")));
    const roomName = data?.payload.room_name ?? data?.payload.room;
    if (!success || !roomName) return "ignored";
    const { recording_id, duration, meeting_id, start_ts, end_ts } = data.payload;
    const [vendorId, seconds] =
      type === "meeting.ended"
        ? [meeting_id, (end_ts ?? 0) - (start_ts ?? end_ts ?? 0)]
        : [recording_id, duration ?? 0];
    const { rows } = await client.query<{ outcome: string }>(
      "select app_private.record_video_report($1, $2, $3, $4, $5, to_timestamp($6)) as outcome",
      [integrationId, roomName, type, vendorId ?? null, Math.round(seconds), end_ts ?? null],
    );
    return rows[0]?.outcome as string;
  },
};
