import { errorIn, Refused, Unreachable } from "./refused.ts";
import { backoff, usualPatience, wait } from "./retry.ts";
import { type LocalDate, localDate, type UUID } from "./scalars.ts";
import type { ClientSettings } from "./settings.ts";

/** What is done with what changes of a calendar's times. */
export type Watching = {
  /**
   * The times of these days may have changed, of any day where it is null: ask for them now. It is called with null when
   * watching began; after an interruption, with what was missed.
   */
  changed(days: LocalDate[] | null): void;
  /** Nothing is heard for the moment; the client comes back by itself. */
  lost?(): void;
  /** It is over and will not come again: a refusal, such as of a calendar that is public no more. */
  ended(error: Error): void;
};

/** The server says something every 15 seconds; a network that is gone says nothing. */
const SILENCE_MS = 40_000;

/** Watches a public calendar until the function that it answers with is called. */
export function watchAvailability(
  settings: ClientSettings,
  calendar: UUID,
  { changed, lost, ended }: Watching,
): () => void {
  const stopping = new AbortController();
  const url = `${settings.url.replace(/\/+$/, "")}/v1/public/availability/live?${new URLSearchParams({ calendar })}`;
  const ask = settings.fetch ?? fetch;
  let lastId: string | null = null;
  let failures = 0;

  const told = ({ name, id, data }: ServerEvent): void => {
    if (id !== undefined) lastId = id;
    if (name === undefined || data === undefined) return;
    failures = 0;
    const { days } = JSON.parse(data) as { days: string[] | null };
    if (name === "changed" || days === null) changed(days?.map(localDate) ?? null);
  };

  /** One connection, until it ends. */
  const listen = async (): Promise<void> => {
    const silent = new AbortController();
    let quiet = setTimeout(() => silent.abort(), SILENCE_MS);
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (lastId !== null) headers["last-event-id"] = lastId;
    if (settings.language) headers["accept-language"] = settings.language;
    try {
      const response = await ask(url, { headers, signal: AbortSignal.any([stopping.signal, silent.signal]) });
      if (!response.headers.get("content-type")?.startsWith("text/event-stream"))
        throw errorIn(await response.json()) ?? new Unreachable("What answered is not the API.");
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        clearTimeout(quiet);
        quiet = setTimeout(() => silent.abort(), SILENCE_MS);
        const blocks = (text + part.value).split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) if (!stopping.signal.aborted) told(eventIn(block));
      }
    } finally {
      clearTimeout(quiet);
    }
  };

  (async () => {
    while (!stopping.signal.aborted) {
      try {
        await listen();
      } catch (error) {
        if (stopping.signal.aborted) return;
        const isFinal =
          error instanceof Refused && !["RATE_LIMITED", "UNAVAILABLE"].includes(error.refusal.code);
        if (isFinal) return ended(error);
      }
      if (stopping.signal.aborted) return;
      if (failures === 0) lost?.();
      failures += 1;
      await wait(backoff(failures, usualPatience), stopping.signal).catch(() => {});
    }
  })();
  return () => stopping.abort();
}

type ServerEvent = { name?: string; id?: string; data?: string };

/** The lines of one event, as the server writes them: one of each. */
function eventIn(block: string): ServerEvent {
  const lines = new Map(
    block.split("\n").map((line) => {
      const [name = "", ...rest] = line.split(": ");
      return [name, rest.join(": ")];
    }),
  );
  const [name, id, data] = ["event", "id", "data"].map((field) => lines.get(field));
  return {
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(data === undefined ? {} : { data }),
  };
}
