import type { Pool } from "pg";
import { CredentialsRefused } from "../../providers/failures.ts";
import {
  VideoDelayed,
  VideoRefused,
  type VideoRooms,
  type VideoVendors,
} from "../../providers/video/index.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { asCaller, asServer } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

export type VideoParts = { pool: Pool; vendors: VideoVendors };

/** What lets one person into a call. The token is theirs alone: it is made for this answer and kept nowhere. */
export type Admission = { url: string; token: string; expiresAt: string };

/** What the schema does with video calls beyond SQL (APT-07): it asks the vendor for tokens and recordings. */
export type Video = {
  join(settings: Settings, appointmentId: string): Promise<Admission>;
  /** Resolves with the recording's id when the vendor records, or is to stop again. */
  startRecording(settings: Settings, appointmentId: string): Promise<string>;
};

/** How long a token lets its bearer in; whoever is inside by then may stay. */
const TOKEN_MS = 10 * 60_000;

type Seat = {
  organization_id: string;
  room_name: string;
  room_url: string;
  display_name: string;
  is_owner: boolean;
  locale: "ro" | "en";
  integration_id: string | null;
};
type Begun = Pick<Seat, "organization_id" | "room_name" | "integration_id"> & { id: string };

export function createVideo({ pool, vendors }: VideoParts): Video {
  const seatOf = async (settings: Settings, appointmentId: string): Promise<Seat> => {
    const { rows } = await asCaller(pool, settings, (client) =>
      client.query<Seat>("select * from app_hidden.seat_in_room($1)", [appointmentId]),
    );
    return rows[0] as Seat;
  };

  return {
    async join(settings, appointmentId) {
      const seat = await seatOf(settings, appointmentId);
      const expiresAt = new Date(Date.now() + TOKEN_MS);
      const { token } = await roomsOf(vendors, seat)
        .then((rooms) =>
          rooms.admit({
            roomName: seat.room_name,
            displayName: seat.display_name,
            isOwner: seat.is_owner,
            locale: seat.locale,
            expiresAt,
          }),
        )
        .catch(unavailable);
      // Asked again: a consent may have been withdrawn, or the call ended, while the vendor was asked.
      const { room_name } = await seatOf(settings, appointmentId);
      if (room_name !== seat.room_name) throw new Refusal("STATE", "call_not_ready");
      return { url: seat.room_url, token, expiresAt: expiresAt.toISOString() };
    },

    async startRecording(settings, appointmentId) {
      const { rows } = await asCaller(pool, settings, (client) =>
        client.query<Begun>("select * from app_hidden.begin_recording($1)", [appointmentId]),
      );
      const begun = rows[0] as Begun;
      const record = (outcome: "running" | "failed" | "unknown") =>
        asServer(pool, settings, (client) =>
          client.query("select app_hidden.record_recording($1, $2)", [begun.id, outcome]),
        );
      try {
        await (await roomsOf(vendors, begun)).startRecording(begun.room_name);
      } catch (error) {
        // What was refused records nothing. Of anything else nobody knows, so the worker sees to it that it stops.
        await record(
          error instanceof VideoRefused || error instanceof CredentialsRefused ? "failed" : "unknown",
        );
        return unavailable(error);
      }
      await record("running");
      return begun.id;
    },
  };
}

/** The account that holds the room. A clinic that changed its account meanwhile gets a room of the new one with the next call. */
async function roomsOf(
  vendors: VideoVendors,
  { organization_id, integration_id }: Pick<Seat, "organization_id" | "integration_id">,
): Promise<VideoRooms> {
  const rooms = await vendors.for(organization_id);
  if (rooms.integrationId !== integration_id)
    throw new VideoRefused("the account of the room is not in use any more");
  return rooms;
}

/** People read that it does not work now; what the vendor said is for the log and the clinic's integrations. */
function unavailable(error: unknown): never {
  const isVendors =
    error instanceof VideoDelayed || error instanceof VideoRefused || error instanceof CredentialsRefused;
  throw isVendors ? new Refusal("UNAVAILABLE", "video_unavailable") : error;
}
