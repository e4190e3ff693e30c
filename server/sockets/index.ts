import { z } from "zod";
import { describeError } from "../../runtime/log.ts";
import { openAnnouncements } from "./announcements.ts";
import { acceptSockets, type SocketParts } from "./upgrade.ts";

export type { SocketLimits } from "./limits.ts";

/** What the database announces; ids only. */
const inbox = z.object({ id: z.uuid(), humanId: z.uuid(), organizationId: z.uuid() });
const sessions = z.object({ sessionId: z.string().nullable(), principalId: z.uuid().nullable() });

export type Sockets = {
  /** Says good-bye to every socket, then lets go of the database. */
  close(): Promise<void>;
};

/** The sockets of subscriptions, and the connection that hears what there is to tell (FND-15, FND-03). */
export function openSockets(parts: SocketParts & { connectionString: string }): Sockets {
  const { log, connectionString } = parts;
  const sockets = acceptSockets(parts);
  const announcements = openAnnouncements({
    connectionString,
    channels: {
      inbox: (payload) => sockets.open.arrived(inbox.parse(payload)),
      sessions: (payload) => void sockets.open.sessionEnded(sessions.parse(payload)),
    },
    onGap: (since) => {
      sockets.open.catchUp(since).catch((error) => {
        log.error({ error: describeError(error) }, "what arrived meanwhile could not be told");
      });
    },
    log,
  });
  return {
    async close() {
      await sockets.close();
      await announcements.close();
    },
  };
}
