import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import { createBatcher, type ImageSize, lengthOf, type MadeBatch } from "./batcher.ts";
import { createPost, type Post } from "./ingest.ts";
import type { KeptRecording, KeptRecordings, PlayerEvent } from "./kept.ts";
import { EVENTS_WAIT_MS, MOST_WAITING_MS, THIN_ABOVE_MS, WINDOW } from "./limits.ts";
import { createSending, type Stop, type Stream } from "./sending.ts";

/** How a recording stands, for the page to say so. */
export type RecordingState = {
  /** What is recorded now. */
  pose: boolean;
  media: boolean;
  /** Milliseconds of pictures that wait to be sent, and whether that is for want of a network. */
  waitingMs: number;
  isOffline: boolean;
  /** Pictures that were left out since the page was opened. */
  leftOut: number;
  /** Why a stream ended by itself. */
  stops: Stop[];
  /** Whether the server has everything. */
  hasEnded: boolean;
};

type Options = {
  kept: KeptRecordings;
  renew(): Promise<string | null>;
  changed?(state: RecordingState): void;
  post?: Post;
};

export type SessionRecording = Awaited<ReturnType<typeof openRecording>>;

/**
 * The recording of one session (TEL-08): pictures become batches, batches and the player's events are kept on the device and sent
 * until the server has them. What waited since an earlier page goes first. Pictures may come from a camera or out of a file.
 */
export async function openRecording(recording: KeptRecording, options: Options) {
  const { kept, renew, changed = () => {} } = options;
  const { session } = recording;
  const isOn = { pose: recording.scopes.includes("pose"), media: recording.scopes.includes("media") };
  const stops: Stop[] = [];
  /** What is written goes one after the other, so that numbers rise and nothing is sent before it is kept. */
  let writing: Promise<unknown> = Promise.resolve();
  let sendingEvents: ReturnType<typeof setTimeout> | undefined;

  const sending = createSending({
    recording,
    kept,
    renew,
    post: options.post ?? createPost(() => recording),
    stopped(stop) {
      isOn[stop.stream] = false;
      stops.push(stop);
      tell();
    },
    lost(batch, isNumberTaken) {
      batcher.leaveOut(batch);
      // Another device went on with this session: behind its numbers, and within what the server takes.
      if (isNumberTaken) recording.nextSequence = Math.max(recording.nextSequence, batch.sequence + WINDOW);
    },
    changed: () => tell(),
  });
  const batcher = createBatcher({
    isThinned: () => sending.waiting.ms > THIN_ABOVE_MS,
    made: (batch) => inOrder(() => keepBatch(batch)),
  });

  for (const batch of await kept.batches(session)) sending.addBatch(batch);
  for (const event of await kept.events(session)) sending.addEvent(event);
  await kept.write(recording);

  const stateOf = (): RecordingState => {
    const { ms, isOffline, hasEnded } = sending.waiting;
    return { ...isOn, waitingMs: ms, isOffline, leftOut: batcher.leftOut, stops: [...stops], hasEnded };
  };
  const tell = () => changed(stateOf());

  function inOrder(write: () => Promise<void>): void {
    writing = writing.then(write);
  }

  async function keepBatch({ exercise, batch }: MadeBatch): Promise<void> {
    if (!isOn.pose) return;
    const { frames, droppedBefore } = batch;
    const sequence = recording.nextSequence;
    const body = await codecV1.encode({ ...batch, sequence });
    recording.nextSequence = sequence + 1;
    const waiting = { sequence, exercise, ms: lengthOf(frames), frames: frames.length, droppedBefore, body };
    await onDevice(kept.keepBatch(recording, waiting));
    sending.addBatch(waiting);
    while (sending.waiting.ms > MOST_WAITING_MS) {
      const oldest = await sending.leaveOutOldest();
      if (!oldest) break;
      batcher.leaveOut(oldest);
    }
    sending.send();
    tell();
  }

  return {
    session,
    get state() {
      return stateOf();
    },
    /** One picture of the exercise at this place. */
    frame(frame: PoseFrame, exercise: number, image: ImageSize): void {
      if (isOn.pose && !recording.hasEnded) batcher.add(frame, exercise, image);
    },
    /** Something that the player of an exercise's video said. */
    event(said: Omit<PlayerEvent, "id">): void {
      if (!isOn.media || recording.hasEnded) return;
      const id = recording.nextEvents[said.exercise] ?? 0;
      recording.nextEvents[said.exercise] = id + 1;
      const event = { ...said, id };
      inOrder(async () => {
        await onDevice(kept.keepEvent(recording, event));
        sending.addEvent(event);
      });
      sendingEvents ??= setTimeout(() => {
        sendingEvents = undefined;
        sending.send();
      }, EVENTS_WAIT_MS);
    },
    /** An exercise was done between these moments; one that is done again is one that took longer. */
    did(place: number, startedAt: number, endedAt: number): void {
      batcher.flush();
      const known = recording.exercises.find((one) => one.place === place);
      if (known) {
        known.startedAt = Math.min(known.startedAt, startedAt);
        known.endedAt = Math.max(known.endedAt, endedAt);
      } else recording.exercises.push({ place, startedAt, endedAt });
      inOrder(() => onDevice(kept.write(recording)));
    },
    /** The patient stops what is recorded. What waits of it is forgotten, too. */
    async stop(stream: Stream): Promise<void> {
      isOn[stream] = false;
      await sending.forget(stream);
      tell();
    },
    /** As the page goes away: everything that is on its way to be kept, is. */
    async flush(): Promise<void> {
      batcher.flush();
      await writing;
      sending.wake();
      await writing;
    },
    /** There is a network again, or somebody asked to try. */
    wake: () => sending.wake(),
    /** The session is over: sends the rest and the end. Done once the server has all of it, however long that takes. */
    async end(): Promise<void> {
      clearTimeout(sendingEvents);
      batcher.flush();
      await writing;
      recording.hasEnded = true;
      await onDevice(kept.write(recording));
      sending.wake();
      await sending.end();
      tell();
    },
    /** Leaves it as it is, to be taken up by another page. */
    close(): void {
      clearTimeout(sendingEvents);
      sending.close();
    },
  };
}

/** A device that is full keeps nothing: what was to be kept is sent all the same, while the page is open. */
const onDevice = (write: Promise<void>): Promise<void> => write.catch(() => {});
