import type { WithPgClient } from "graphile-worker";
import { z } from "zod";
import { CredentialsRefused } from "../../providers/failures.ts";
import { VideoDelayed, VideoRefused, type VideoRooms } from "../../providers/video/index.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { once } from "../effects/once.ts";
import { defineTask } from "../task.ts";

type Work = {
  organization_id: string;
  appointment_id: string;
  room_name: string;
  status: string;
  integration_id: string | null;
  opens_at: Date;
  expires_at: Date;
  is_over: boolean;
  stops_recording: boolean;
};

/** A vendor's "no" as the room says it; null for what is no trouble with a vendor. */
function problemOf(error: unknown): string | null {
  if (error instanceof VideoDelayed) return "vendor_unreachable";
  if (error instanceof CredentialsRefused) return "credentials_refused";
  if (error instanceof VideoRefused) return "vendor_refused";
  return error instanceof Refusal ? "not_set_up" : null;
}

/**
 * Does what a room needs at the vendor (APT-07): ends what is recorded, makes the room, takes it away. The room's name is
 * chosen before the vendor hears of it, so a try that was cut short finds what it made. Trouble with the vendor is written
 * to the room and tried again; it is no failure of the job, and nobody's appointment waits for it.
 */
export default defineTask({
  payload: z.object({ videoRoomId: z.uuid() }),

  async run({ videoRoomId }, { withPgClient, job }, { video }) {
    const sql = <Row extends object>(text: string, values: unknown[]) =>
      withPgClient((client) => client.query<Row>(text, values));
    const { rows } = await sql<Work>("select * from app_private.video_room_work($1)", [videoRoomId]);
    const [work] = rows;
    if (!work) return;
    const { room_name: name, status } = work;
    const makes = status === "wanted" || status === "delayed";
    const removes = status === "closing";
    if (!makes && !removes && !work.stops_recording) return;

    try {
      // Whoever is still inside an expired room was put out by the vendor, whatever it answers now.
      const rooms = removes && work.is_over ? null : await roomsFor(work, video);
      if (work.stops_recording) {
        await rooms?.stopRecording(name);
        await sql("select app_private.record_recording_stopped($1)", [videoRoomId]);
      }
      if (makes && rooms) await make(rooms, videoRoomId, work, { withPgClient, by: job.id });
      if (removes) {
        await rooms?.close(name);
        await sql("select app_private.record_video_room_gone($1, $2)", [videoRoomId, name]);
        // It may be wanted again by now, under another name.
        await sql("select app_private.settle_video_room($1, $2)", [
          work.organization_id,
          work.appointment_id,
        ]);
      }
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) throw error;
      const retryAfter = error instanceof VideoDelayed ? error.retryAfter : null;
      await sql("select app_private.record_video_trouble($1, $2, $3)", [videoRoomId, problem, retryAfter]);
    }
  },
});

/** The account that holds the room; null where the clinic left it: the room ends there by itself. */
async function roomsFor(
  { organization_id, integration_id, status }: Work,
  video: { for(organizationId: string): Promise<VideoRooms> } | undefined,
): Promise<VideoRooms | null> {
  if (!video) throw new VideoRefused("no vendor is set up");
  const rooms = await video.for(organization_id);
  const isMade = status !== "wanted" && status !== "delayed";
  return isMade && rooms.integrationId !== integration_id ? null : rooms;
}

async function make(
  rooms: VideoRooms,
  videoRoomId: string,
  { room_name: name, opens_at, expires_at }: Work,
  { withPgClient, by }: { withPgClient: WithPgClient; by: string },
): Promise<void> {
  await once(withPgClient, { key: `video_room:${name}`, by }, async (client) => {
    const { url } = await rooms.open({ name, opensAt: opens_at, expiresAt: expires_at });
    await client.query("select app_private.record_video_room_made($1, $2, $3, $4)", [
      videoRoomId,
      name,
      url,
      rooms.integrationId,
    ]);
  });
}
