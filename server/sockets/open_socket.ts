import type { WebSocket } from "ws";
import type { Session } from "../identity/session.ts";
import type { Claims } from "../identity/verify.ts";
import type { Announced, Stream } from "./stream.ts";

/** A socket whose caller is known. */
export type OpenSocket = {
  socket: WebSocket;
  claims: Claims;
  session: Session;
  organizationId: string | null;
  streams: Set<Stream>;
  /** What is to be told, once it is known that the session still stands. */
  toTell: { stream: Stream; announced: Announced; isLast?: boolean }[];
};
