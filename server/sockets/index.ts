import { z } from "zod";
import { describeError } from "../../runtime/log.ts";
import { openAnnouncements } from "./announcements.ts";
import { openSocketDoor, type SocketParts } from "./upgrade.ts";

export type { SocketLimits } from "./upgrade.ts";

/** What the database announces; ids only. */
const inbox = z.object({ id: z.uuid(), humanId: z.uuid(), organizationId: z.uuid() });
const sessions = z.object({ sessionId: z.string().nullable(), principalId: z.uuid().nullable() });

export type Sockets = {
  /** Says good-bye to every socket, then lets go of the database. */
  close(): Promise<void>;
};

/** The door for subscriptions, and the connection that hears what there is to tell (FND-15, FND-03). */
export function openSockets(parts: SocketParts & { connectionString: string }): Sockets {
  const { log, connectionString } = parts;
  const door = openSocketDoor(parts);
  const announcements = openAnnouncements({
    connectionString,
    channels: {
      inbox: (payload) => door.open.arrived(inbox.parse(payload)),
      sessions: (payload) => void door.open.sessionEnded(sessions.parse(payload)),
    },
    onGap: (since) => {
      door.open.catchUp(since).catch((error) => {
        log.error({ error: describeError(error) }, "what arrived meanwhile could not be told");
      });
    },
    log,
  });
  return {
    async close() {
      await door.close();
      await announcements.close();
    },
  };
}
