import type { UUID } from "../../client/index.ts";
/**
 * A batch that waits to be sent, as the codec made it. `ms` and `frames`: how long it is, and how many pictures; `droppedBefore`:
 * how many it says were left out before it.
 */
export type WaitingBatch = {
  sequence: number;
  exercise: number;
  ms: number;
  frames: number;
  droppedBefore: number;
  body: Uint8Array<ArrayBuffer>;
};

/** What a player said, as the server takes it. `id` counts from 0 for each exercise. */
export type PlayerEvent = {
  id: number;
  exercise: number;
  kind: "play" | "reached" | "pause" | "seek" | "stall" | "resume" | "rate" | "end";
  at: number;
  position: number;
  rate: number;
  from?: number;
};

export type DoneExercise = { place: number; startedAt: number; endedAt: number };

/** The recording of one session. It outlives its page: what was not acknowledged is sent when the page is opened again. */
export type KeptRecording = {
  /** The recording's id, which its token names. */
  session: string;
  /** The session that the patient does. */
  patientSession: UUID;
  url: string;
  token: string;
  scopes: string[];
  /** Beyond this moment nothing of it can be sent any more. */
  until: number;
  nextSequence: number;
  nextEvents: Record<number, number>;
  exercises: DoneExercise[];
  hasEnded: boolean;
};

/** Where recordings are kept on this device until the server has said that it has them. */
export interface KeptRecordings {
  all(): Promise<KeptRecording[]>;
  /** Writes what is given over what was there. */
  write(recording: KeptRecording): Promise<void>;
  batches(session: string): Promise<WaitingBatch[]>;
  /** Both, or neither: a number is never used twice. */
  keepBatch(recording: KeptRecording, batch: WaitingBatch): Promise<void>;
  removeBatch(session: string, sequence: number): Promise<void>;
  events(session: string): Promise<PlayerEvent[]>;
  keepEvent(recording: KeptRecording, event: PlayerEvent): Promise<void>;
  removeEvents(session: string, events: readonly PlayerEvent[]): Promise<void>;
  forget(session: string): Promise<void>;
}

/** As long as the page does, where a browser keeps nothing. */
export function keptInMemory(): KeptRecordings {
  const recordings = new Map<string, KeptRecording>();
  const batches = new Map<string, Map<number, WaitingBatch>>();
  const events = new Map<string, PlayerEvent[]>();
  const write = async (recording: KeptRecording) => {
    recordings.set(recording.session, structuredClone(recording));
  };
  return {
    all: async () => structuredClone([...recordings.values()]),
    write,
    batches: async (session) => [...(batches.get(session)?.values() ?? [])],
    async keepBatch(recording, batch) {
      await write(recording);
      const known = batches.get(recording.session) ?? new Map();
      batches.set(recording.session, known.set(batch.sequence, batch));
    },
    async removeBatch(session, sequence) {
      batches.get(session)?.delete(sequence);
    },
    events: async (session) => events.get(session) ?? [],
    async keepEvent(recording, event) {
      await write(recording);
      events.set(recording.session, [...(events.get(recording.session) ?? []), event]);
    },
    async removeEvents(session, gone) {
      const isGone = (one: PlayerEvent) =>
        gone.some(({ id, exercise }) => one.id === id && one.exercise === exercise);
      events.set(
        session,
        (events.get(session) ?? []).filter((one) => !isGone(one)),
      );
    },
    async forget(session) {
      for (const map of [recordings, batches, events]) map.delete(session);
    },
  };
}
