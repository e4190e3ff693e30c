import type { IncomingMessage } from "node:http";
import { Refusal } from "../../runtime/refusal.ts";
import type { Kept, SessionBuffer } from "../buffer/port.ts";
import type { KnownStates } from "./session_states.ts";
import type { SessionToken } from "./token.ts";

/** What request handlers may reach: where sessions are kept, and what the core says of them (TEL-10). */
export type Reach = { buffer: SessionBuffer; states: KnownStates };

export type Answer = { status: number; body: Record<string, unknown> };

/** Answers one request of a session's page, whose token was verified. */
export type Handler = (request: IncomingMessage, token: SessionToken) => Promise<Answer>;

/** Bytes of any body. */
export const MOST_BYTES = 64 * 1024;
/** Places of exercises in a session are below this. */
export const MOST_PLACES = 1_000;
/** With so much on its way to the disk no more is taken but the end of sessions: who waits for the disk waits in vain. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

/** Sheds what can be sent again, or be lost, while the disk does not keep up (TEL-02). */
export function requireRoom(buffer: SessionBuffer): void {
  if (buffer.waitingBytes > MOST_WAITING_BYTES) throw new Refusal("UNAVAILABLE", "busy");
}

/** Whether it was kept now, or before; every other outcome is a refusal. */
export function wasKeptNow(kept: Kept): boolean {
  switch (kept) {
    case "kept":
      return true;
    case "same":
      return false;
    case "different":
      throw new Refusal("CONFLICT", "number_used_for_other_content");
    case "out_of_window":
      throw new Refusal("CONFLICT", "out_of_window");
    case "ended":
      throw new Refusal("GONE", "session_ended");
    case "too_long":
      throw new Refusal("GONE", "session_too_long");
  }
}
