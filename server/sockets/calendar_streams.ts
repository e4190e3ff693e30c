import type { Pool } from "pg";
import { Refusal } from "../../runtime/refusal.ts";
import type { Listings, Standing } from "../live/listings.ts";
import type { OpenSocket } from "./open_socket.ts";
import type { Stream } from "./stream.ts";
import type { CalendarTopic } from "./topics.ts";

type Listening = { open: OpenSocket; stream: Stream; topic: CalendarTopic };

/**
 * Subscriptions to the times of calendars (SCH-07): to the public ones by everybody who is signed in, to the others by their
 * clinic's staff. Whoever may not any more is told that something changed, and nothing after it.
 */
export class CalendarStreams {
  readonly #pool: Pool;
  readonly #listings: Listings;
  readonly #tell: () => void;
  readonly #standings = new WeakMap<Stream, { standing: Standing; stop(): void }>();

  constructor(pool: Pool, listings: Listings, tell: () => void) {
    this.#pool = pool;
    this.#listings = listings;
    this.#tell = tell;
  }

  async admit(open: OpenSocket, stream: Stream, topic: CalendarTopic): Promise<void> {
    try {
      const { standing, stop } = await this.#listings.watch(topic.calendarId, undefined, {
        changed: (change, now) => {
          const known = this.#standings.get(stream);
          if (known) known.standing = now;
          open.toTell.push({ stream, announced: change, isLast: now === "off" });
          this.#tell();
        },
        interrupted: () => {},
      });
      this.#standings.set(stream, { standing, stop });
      // Whoever left meanwhile is not listened for.
      if (!open.streams.has(stream)) this.forget(stream);
      const over = standing === "staff" ? await this.#over([{ open, stream, topic }]) : [];
      if (standing === "off" || over.length > 0) throw new Refusal("NOT_FOUND", "calendar_not_found");
    } catch (error) {
      await stream.return();
      throw error;
    }
  }

  forget(stream: Stream): void {
    this.#standings.get(stream)?.stop();
  }

  async endThoseWithoutRight(sockets: Iterable<OpenSocket>): Promise<void> {
    const listening = [...sockets].flatMap((open) =>
      [...open.streams].flatMap((stream) =>
        stream.topic.kind === "calendar" && this.#standings.get(stream)?.standing === "staff"
          ? [{ open, stream, topic: stream.topic }]
          : [],
      ),
    );
    for (const { stream } of await this.#over(listening)) {
      stream.push({ id: "", days: null });
      stream.finish();
    }
  }

  async #over(listening: Listening[]): Promise<Listening[]> {
    if (listening.length === 0) return [];
    const { rows } = await this.#pool.query<{ place: number }>(
      "select place from app_hidden.calendar_listeners_over($1, $2, $3)",
      [
        listening.map(({ open }) => open.session.principalId),
        listening.map(({ open }) => open.organizationId),
        listening.map(({ topic }) => topic.calendarId),
      ],
    );
    return rows.flatMap(({ place }) => listening[place - 1] ?? []);
  }
}
