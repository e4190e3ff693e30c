import type { IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";
import type { Listings } from "../live/listings.ts";
import type { Arrivals } from "../plugins/inbox_subscription.ts";
import { CalendarStreams } from "./calendar_streams.ts";
import { ClinicStreams } from "./clinic_streams.ts";
import { close } from "./close.ts";
import type { SocketLimits } from "./limits.ts";
import type { OpenSocket } from "./open_socket.ts";
import { Stream } from "./stream.ts";
import { readTopic, type Topic } from "./topics.ts";

/** How many announcements are remembered, to know after an interruption which of them went unheard. */
const REMEMBERED = 1_000;

type Arrived = { id: string; humanId: string; organizationId: string };

const arrivals = new WeakMap<IncomingMessage, Arrivals>();

/** What the socket that began with this request hears of; null for a request that became none. */
export function arrivalsOf(request: IncomingMessage | undefined): Arrivals | null {
  return (request && arrivals.get(request)) ?? null;
}

/**
 * Who is connected, and whether they still may be (FND-03, FND-15). Nobody stays because nobody asked: every socket
 * is asked about when its session is announced to be over, before anything is told to it, and every few seconds.
 */
export class OpenSockets {
  readonly #open = new Set<OpenSocket>();
  readonly #pool: Pool;
  readonly #log: Logger;
  readonly #looking: NodeJS.Timeout;
  readonly #heard = new Set<string>();
  readonly #clinics: ClinicStreams;
  readonly #calendars: CalendarStreams;
  #telling: Promise<void> | null = null;

  constructor(
    pool: Pool,
    log: Logger,
    listings: Listings,
    { lookMs, newsMs }: Pick<SocketLimits, "lookMs" | "newsMs">,
  ) {
    this.#pool = pool;
    this.#log = log;
    this.#clinics = new ClinicStreams(pool, log, newsMs, this.#open, () => this.#startTelling());
    this.#calendars = new CalendarStreams(pool, listings, () => this.#startTelling());
    let isLooking = false;
    this.#looking = setInterval(async () => {
      if (isLooking) return;
      isLooking = true;
      await this.#look([...this.#open], true).catch((error) => {
        log.warn({ error: describeError(error) }, "open sockets could not be looked at");
      });
      isLooking = false;
    }, lookMs);
  }

  add(request: IncomingMessage, open: OpenSocket): void {
    this.#open.add(open);
    open.socket.once("close", () => this.#open.delete(open));
    arrivals.set(request, {
      subscribe: (topic) => this.#subscribe(open, readTopic(String(topic))) as never,
    });
  }

  async #subscribe(open: OpenSocket, topic: Topic): Promise<Stream> {
    const stream = new Stream(topic, () => {
      open.streams.delete(stream);
      this.#calendars.forget(stream);
    });
    open.streams.add(stream);
    if (topic.kind === "clinic") await this.#clinics.admit(open, stream);
    if (topic.kind === "calendar") await this.#calendars.admit(open, stream, topic);
    return stream;
  }

  ofPerson(principalId: string): OpenSocket[] {
    return [...this.#open].filter(({ session }) => session.principalId === principalId);
  }

  /** A session or an account was announced to be over. */
  async sessionEnded(ended: { sessionId?: string | null; principalId?: string | null }): Promise<void> {
    const meant = [...this.#open].filter(
      ({ claims, session }) =>
        claims.sessionId === ended.sessionId ||
        (ended.principalId && session.principalId === ended.principalId),
    );
    await this.#look(meant).catch((error) => {
      this.#log.warn({ error: describeError(error) }, "sockets of an ended session could not be looked at");
    });
  }

  /** Something arrived in somebody's inbox: told to the sockets at that clinic, or at no clinic in particular. */
  arrived(item: Arrived): void {
    this.#heard.add(item.id);
    if (this.#heard.size > REMEMBERED) this.#heard.delete(this.#heard.values().next().value as string);
    for (const open of this.ofPerson(item.humanId)) {
      const isMeant = open.organizationId === null || open.organizationId === item.organizationId;
      if (!isMeant) continue;
      for (const stream of open.streams)
        if (stream.topic.kind === "inbox") open.toTell.push({ stream, announced: { id: item.id } });
    }
    this.#startTelling();
  }

  #startTelling(): void {
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = null;
    });
  }

  /** Nothing was heard for a while: asks what arrived, for those who wait for something. */
  async catchUp(since: Date): Promise<void> {
    const people = [...this.#open].filter(({ streams }) => streams.size > 0);
    const ids = [...new Set(people.map(({ session }) => session.principalId))];
    if (ids.length === 0) return;
    // Who wrote just before may have committed after.
    const from = new Date(since.getTime() - 5_000);
    const { rows } = await this.#pool.query<{ id: string; human_id: string; organization_id: string }>(
      "select * from app_hidden.inbox_items_since($1, $2)",
      [ids, from],
    );
    for (const row of rows) {
      if (this.#heard.has(row.id)) continue;
      this.arrived({ id: row.id, humanId: row.human_id, organizationId: row.organization_id });
    }
  }

  stop(): void {
    clearInterval(this.#looking);
    this.#clinics.stop();
  }

  /** Tells all there is, in order; one look serves everybody who is told something. */
  async #tell(): Promise<void> {
    for (;;) {
      const batch = [...this.#open].filter(({ toTell }) => toTell.length > 0);
      if (batch.length === 0) return;
      const told = batch.map((open) => ({ ...open, news: open.toTell.splice(0) }));
      try {
        const rightsToo = told.some(({ news }) => news.some(({ stream }) => stream.topic.kind !== "inbox"));
        await this.#look(batch, rightsToo).catch(() => wait(500).then(() => this.#look(batch, rightsToo)));
      } catch (error) {
        this.#log.warn(
          { error: describeError(error) },
          "sockets are closed, because they could not be looked at",
        );
        for (const { socket } of batch) close(socket, "unavailable");
      }
      for (const { socket, news } of told) {
        if (socket.readyState !== socket.OPEN) continue;
        const isBehind = news.some(({ stream, announced }) => !stream.push(announced));
        for (const { stream, isLast } of news) if (isLast) stream.finish();
        if (isBehind) close(socket, "too_slow");
      }
    }
  }

  /** Closes those that no longer stand, and ends what they listen to without the right to. */
  async #look(sockets: OpenSocket[], rightsToo = false): Promise<void> {
    if (sockets.length === 0) return;
    if (rightsToo) {
      await this.#clinics.endThoseWithoutRight(sockets);
      await this.#calendars.endThoseWithoutRight(sockets);
    }
    const { rows } = await this.#pool.query<{ place: number; reason: string }>(
      "select place, reason from app_hidden.sessions_over($1, $2, $3, $4)",
      [
        sockets.map(({ claims }) => claims.issuer),
        sockets.map(({ claims }) => claims.subject),
        sockets.map(({ claims }) => claims.sessionId),
        sockets.map(({ organizationId }) => organizationId),
      ],
    );
    for (const { place, reason } of rows) {
      const over = sockets[place - 1];
      if (over) close(over.socket, reason);
    }
  }
}
