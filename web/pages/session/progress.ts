import type { UUID } from "../../../client/index.ts";
import type { Entry } from "./door.ts";

/** How far a session is, as this device knows it: kept until it is done, so that a page that was closed goes on. */
export type Progress = {
  painBefore: number | null;
  acknowledged: UUID[];
  usesCamera: boolean;
  entries: (Entry & { isSent: boolean })[];
  painAfter: number | null;
  completedAt: string | null;
};

const beginning: Progress = {
  painBefore: null,
  acknowledged: [],
  usesCamera: false,
  entries: [],
  painAfter: null,
  completedAt: null,
};

/** What is sent within a day of the start is taken; nothing is kept for longer. */
const KEPT_MS = 26 * 3_600_000;
const nameOf = (session: string) => `session-${session}`;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** In the browser's storage, which outlives the tab; a browser that keeps nothing has it as long as the page. */
export function progressOf(session: string, storage: Storage, now = Date.now()) {
  let progress = read() ?? beginning;

  function read(): Progress | null {
    try {
      const { at, ...kept } = JSON.parse(storage.getItem(nameOf(session)) ?? "null");
      return at + KEPT_MS > now ? { ...beginning, ...kept } : null;
    } catch {
      return null;
    }
  }
  function write(change: Partial<Progress>): Progress {
    progress = { ...progress, ...change };
    try {
      storage.setItem(nameOf(session), JSON.stringify({ ...progress, at: now }));
    } catch {
      // It stays as long as the page does.
    }
    return progress;
  }

  return {
    get now() {
      return progress;
    },
    write,
    /** An exercise that is entered anew takes the place of what was entered before. */
    enter: (entry: Entry) =>
      write({
        entries: [
          ...progress.entries.filter(({ place }) => place !== entry.place),
          { ...entry, isSent: false },
        ],
      }),
    /** The API has it. */
    sent: (clientId: UUID) =>
      write({
        entries: progress.entries.map((one) => (one.clientId === clientId ? { ...one, isSent: true } : one)),
      }),
    forget(): void {
      try {
        storage.removeItem(nameOf(session));
      } catch {
        // Nothing was kept.
      }
    },
  };
}
