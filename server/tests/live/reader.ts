import { until } from "../listener.ts";
import type { Json } from "../support.ts";

export type Heard = { name: string; id: string; days: string[] | null; at: number };

/** A client of the stream, as EventSource reads it. */
export type Reader = {
  response: Response;
  heard: Heard[];
  /** Comments, and the last id that a beat brought. */
  comments: string[];
  lastId(): string;
  isOver(): boolean;
  /** The next change after what was heard so far. */
  change(): Promise<Heard>;
  stop(): void;
};

const open = new Set<Reader>();

export async function listen(
  url: string,
  calendar: string,
  headers: Record<string, string> = {},
): Promise<Reader> {
  const stopping = new AbortController();
  const response = await fetch(`${url}/v1/public/availability/live?calendar=${calendar}`, {
    headers: { accept: "text/event-stream", ...headers },
    signal: stopping.signal,
  });
  const heard: Heard[] = [];
  const comments: string[] = [];
  let lastId = "";
  let isOver = false;
  let told = 0;
  const read = (block: string): void => {
    const fields = Object.fromEntries(
      block.split("\n").map((line) => {
        const [name = "", ...rest] = line.split(": ");
        return [name, rest.join(": ")];
      }),
    );
    if ("" in fields) comments.push(fields[""]);
    if (fields.id) lastId = fields.id;
    if (!fields.event) return;
    const { days } = JSON.parse(fields.data ?? "") as Json;
    heard.push({ name: fields.event, id: fields.id ?? "", days, at: performance.now() });
  };
  const reading = async (): Promise<void> => {
    let text = "";
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (text + part).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) read(block);
    }
  };
  if (response.status === 200)
    reading()
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
  const reader: Reader = {
    response,
    heard,
    comments,
    lastId: () => lastId,
    isOver: () => isOver,
    async change() {
      await until(() => changes().length > told, "a change");
      const next = changes()[told] as Heard;
      told = changes().length;
      return next;
    },
    stop() {
      open.delete(reader);
      stopping.abort();
    },
  };
  const changes = (): Heard[] => heard.filter(({ name }) => name === "changed");
  open.add(reader);
  if (response.status === 200) await until(() => heard.length > 0, "the beginning");
  return reader;
}

/** Ends what a test left open. */
export function stopAll(): void {
  for (const reader of open) reader.stop();
}

/** What a listener hears in a second in which nothing happens. */
export const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000));
