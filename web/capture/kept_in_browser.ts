import {
  type KeptRecording,
  type KeptRecordings,
  keptInMemory,
  type PlayerEvent,
  type WaitingBatch,
} from "./kept.ts";

const NAME = "restartix-recordings";

/**
 * In the browser's own database, which survives that the page is closed. What could not be sent any more is removed as it is
 * opened: landmarks do not stay on a device that nobody sends them from.
 */
export async function openKeptRecordings(now = Date.now()): Promise<KeptRecordings> {
  const database = await open().catch(() => null);
  if (!database) return keptInMemory();
  const kept = inDatabase(database);
  for (const { session, until } of await kept.all()) if (until < now) await kept.forget(session);
  return kept;
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore("recordings", { keyPath: "session" });
    database.createObjectStore("batches", { keyPath: ["session", "sequence"] });
    database.createObjectStore("events", { keyPath: ["session", "exercise", "id"] });
  };
  return answerOf(opening);
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

type Places = "recordings" | "batches" | "events";

function inDatabase(database: IDBDatabase): KeptRecordings {
  /** Every row of a session, of keys that begin with it. */
  const of = (session: string) => IDBKeyRange.bound([session], [session, []]);
  const place = (name: Places) => database.transaction(name).objectStore(name);

  /** Writes in one transaction, and is done once the browser has it. */
  function change(names: Places[], write: (of: (name: Places) => IDBObjectStore) => void): Promise<void> {
    const transaction = database.transaction(names, "readwrite");
    write((name) => transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  return {
    all: () => answerOf<KeptRecording[]>(place("recordings").getAll()),
    write: (recording) => change(["recordings"], (of) => of("recordings").put(recording)),
    batches: (session) => answerOf<WaitingBatch[]>(place("batches").getAll(of(session))),
    keepBatch: (recording, batch) =>
      change(["recordings", "batches"], (of) => {
        of("recordings").put(recording);
        of("batches").put({ ...batch, session: recording.session });
      }),
    removeBatch: (session, sequence) =>
      change(["batches"], (of) => of("batches").delete([session, sequence])),
    events: async (session) => {
      const rows = await answerOf<(PlayerEvent & { session: string })[]>(place("events").getAll(of(session)));
      return rows.map(({ session: _, ...event }) => event);
    },
    keepEvent: (recording, event) =>
      change(["recordings", "events"], (of) => {
        of("recordings").put(recording);
        of("events").put({ ...event, session: recording.session });
      }),
    removeEvents: (session, events) =>
      change(["events"], (of) => {
        for (const { exercise, id } of events) of("events").delete([session, exercise, id]);
      }),
    forget: (session) =>
      change(["recordings", "batches", "events"], (place) => {
        place("recordings").delete(session);
        place("batches").delete(of(session));
        place("events").delete(of(session));
      }),
  };
}
