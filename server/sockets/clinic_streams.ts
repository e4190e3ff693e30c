import type { Pool } from "pg";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { OpenSocket } from "./open_socket.ts";
import type { Stream } from "./stream.ts";
import type { ClinicTopic } from "./topics.ts";

/** How far back the ledger is read: an event is seen when its transaction ends, and may be as much older. */
const WINDOW_SECONDS = 30;

type News = {
  id: string;
  organization_id: string;
  subject_type: string;
  subject_id: string;
  specialist_ids: string[];
};
type ClinicStream = Stream & { topic: ClinicTopic };
type Listening = { open: OpenSocket; stream: ClinicStream };

/**
 * Subscriptions to what happens at a clinic (FND-15, SCH-12). While there are any, the ledger of events is asked for what
 * is new, twice a second: bookings pay nothing for it, and nothing is lost with a connection that listens. Whoever
 * listens has the right to when they begin, before they are told anything, and every few seconds.
 */
export class ClinicStreams {
  readonly #pool: Pool;
  readonly #sockets: ReadonlySet<OpenSocket>;
  readonly #tell: () => void;
  readonly #asking: NodeJS.Timeout;
  /** Events of the last window, all of which were told. */
  #known = new Set<string>();
  /** Of a stream that has just begun: what had happened before. Null until that is known. */
  readonly #before = new WeakMap<Stream, Set<string> | null>();
  readonly #waiting = new WeakMap<Stream, News[]>();

  constructor(pool: Pool, log: Logger, everyMs: number, sockets: ReadonlySet<OpenSocket>, tell: () => void) {
    this.#pool = pool;
    this.#sockets = sockets;
    this.#tell = tell;
    let isAsking = false;
    let askedAt = performance.now();
    this.#asking = setInterval(async () => {
      if (isAsking) return;
      const listening = this.#listening(this.#sockets);
      const now = performance.now();
      if (listening.length === 0) {
        askedAt = now;
        return;
      }
      isAsking = true;
      try {
        await this.#ask(listening, WINDOW_SECONDS + Math.ceil((now - askedAt) / 1_000));
        askedAt = now;
      } catch (error) {
        log.warn({ error: describeError(error) }, "what happened at clinics could not be read");
      }
      isAsking = false;
    }, everyMs);
  }

  /** Refuses who may not listen; from here on the stream is told what happens, and nothing that had happened before. */
  async admit(open: OpenSocket, stream: Stream): Promise<void> {
    const clinic = stream as ClinicStream;
    this.#before.set(stream, null);
    this.#waiting.set(stream, []);
    try {
      const [over] = await this.#over([{ open, stream: clinic }]);
      if (over?.reason === "permission_missing")
        throw new Refusal("FORBIDDEN", "permission_missing", { permission: clinic.topic.permission });
      if (over) throw new Refusal("NOT_FOUND", "not_found");
      const rows = await this.#news([clinic.topic], WINDOW_SECONDS);
      this.#before.set(stream, new Set(rows.map(({ id }) => id)));
    } catch (error) {
      await stream.return();
      throw error;
    }
    for (const news of this.#waiting.get(stream) ?? []) this.#queue({ open, stream: clinic }, news);
    this.#waiting.delete(stream);
    this.#tell();
  }

  async endThoseWithoutRight(sockets: Iterable<OpenSocket>): Promise<void> {
    const listening = this.#listening(sockets);
    for (const { place } of await this.#over(listening)) {
      await listening[place - 1]?.stream.return();
    }
  }

  stop(): void {
    clearInterval(this.#asking);
  }

  #listening(sockets: Iterable<OpenSocket>): Listening[] {
    return [...sockets].flatMap((open) =>
      [...open.streams].flatMap((stream) =>
        stream.topic.kind === "clinic" ? [{ open, stream: stream as ClinicStream }] : [],
      ),
    );
  }

  async #ask(listening: Listening[], seconds: number): Promise<void> {
    const rows = await this.#news(
      listening.map(({ stream }) => stream.topic),
      seconds,
    );
    const fresh = rows.filter(({ id }) => !this.#known.has(id));
    this.#known = new Set(rows.map(({ id }) => id));
    if (fresh.length === 0) return;
    for (const one of this.#listening(this.#sockets)) for (const news of fresh) this.#queue(one, news);
    this.#tell();
  }

  #queue({ open, stream }: Listening, news: News): void {
    const { topic } = stream;
    if (news.organization_id !== topic.organizationId || news.subject_type !== topic.subject) return;
    // Which specialist it was about is not in every event; then all are told.
    const named = news.specialist_ids;
    if (topic.specialistId && named.length > 0 && !named.includes(topic.specialistId)) return;
    const before = this.#before.get(stream);
    if (before === null) this.#waiting.get(stream)?.push(news);
    else if (!before?.has(news.id))
      open.toTell.push({ stream, announced: { id: news.id, subjectId: news.subject_id } });
  }

  async #news(topics: ClinicTopic[], seconds: number): Promise<News[]> {
    const { rows } = await this.#pool.query<News>("select * from app_hidden.news_of($1, $2, $3)", [
      [...new Set(topics.map(({ organizationId }) => organizationId))],
      [...new Set(topics.map(({ subject }) => subject))],
      seconds,
    ]);
    return rows;
  }

  async #over(listening: Listening[]): Promise<{ place: number; reason: string }[]> {
    if (listening.length === 0) return [];
    const { rows } = await this.#pool.query<{ place: number; reason: string }>(
      "select place, reason from app_hidden.listeners_over($1, $2, $3, $4)",
      [
        listening.map(({ open }) => open.session.principalId),
        listening.map(({ open }) => open.organizationId),
        listening.map(({ stream }) => stream.topic.organizationId),
        listening.map(({ stream }) => stream.topic.permission),
      ],
    );
    return rows;
  }
}
