import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "pino";
import { describeError } from "../../runtime/log.ts";

export type Announcements = {
  close(): Promise<void>;
};

export type AnnouncementOptions = {
  connectionString: string;
  /** What is done with a payload, by channel. Payloads are JSON and carry ids only. */
  channels: Record<string, (payload: unknown) => void>;
  /** Called when listening began again: what was announced since then, by the database's clock, went unheard. */
  onGap(since: Date): void;
  log: Logger;
};

/**
 * How often the connection is asked something: one that was cut off silently looks like one on which nothing is
 * announced.
 */
const BEAT_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * One connection of its own that listens, and begins again whenever it is lost (FND-15, FND-03). It is none of the
 * pool's: the requests would have one less, and it must not be handed to anybody.
 */
export function openAnnouncements(options: AnnouncementOptions): Announcements {
  const { log } = options;
  const closing = new AbortController();
  const state: State = { heardUntil: null };

  const running = (async () => {
    let pause = 100;
    while (!closing.signal.aborted) {
      try {
        await listen(options, state, closing.signal, () => {
          pause = 100;
        });
      } catch (error) {
        if (closing.signal.aborted) break;
        log.warn({ error: describeError(error) }, "announcements of the database are not heard");
      }
      await wait(pause, undefined, { signal: closing.signal }).catch(() => {});
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  })();

  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

type State = { heardUntil: Date | null };

/** Listens until the connection is lost, which rejects, or closing, which resolves. */
async function listen(
  { connectionString, channels, onGap, log }: AnnouncementOptions,
  state: State,
  closing: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const client = new pg.Client({
    connectionString,
    application_name: "restartix-api listener",
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
    keepAlive: true,
  });
  const lost = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("the listening connection ended")));
  });
  lost.catch(() => {});
  client.on("notification", ({ channel, payload }) => {
    try {
      channels[channel]?.(JSON.parse(payload ?? "null"));
    } catch (error) {
      log.error({ channel, error: describeError(error) }, "an announcement was not understood");
    }
  });

  try {
    await Promise.race([client.connect(), lost]);
    for (const channel of Object.keys(channels))
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
    const heard = state.heardUntil;
    await beat(client, state);
    onListening();
    if (heard) onGap(heard);
    while (!closing.aborted) {
      await Promise.race([wait(BEAT_MS, undefined, { signal: closing }).catch(() => {}), lost]);
      if (!closing.aborted) await Promise.race([beat(client, state), lost]);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

async function beat(client: pg.Client, state: State): Promise<void> {
  const { rows } = await client.query<{ now: Date }>("select now()");
  state.heardUntil = rows[0]?.now ?? null;
}
