import { z } from "zod";
import type { WebhookHandler } from "./receipt.ts";

const event = z.looseObject({
  payload: z.looseObject({
    room_name: z.string().max(200).optional(),
    room: z.string().max(200).optional(),
    recording_id: z.string().max(200).optional(),
    duration: z.number().nonnegative().optional(),
  }),
});

/** What Daily tells of rooms (APT-07): that a call ended, that a recording ended or can be had. The rest is of no interest. */
export const dailyEvents: WebhookHandler = {
  provider: "daily",
  async apply(client, { integrationId, type, rawBody }) {
    const { success, data } = event.safeParse(JSON.parse(rawBody.toString("utf8")));
    const roomName = data?.payload.room_name ?? data?.payload.room;
    if (!success || !roomName) return "ignored";
    const { rows } = await client.query<{ outcome: string }>(
      "select app_private.record_video_report($1, $2, $3, $4, $5) as outcome",
      [
        integrationId,
        roomName,
        type,
        data.payload.recording_id ?? null,
        Math.round(data.payload.duration ?? 0),
      ],
    );
    return rows[0]?.outcome as string;
  },
};
