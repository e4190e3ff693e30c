import { JOINTS, type Joint } from "../aggregate/angles.ts";
import { aggregateMedia, type MediaEvent } from "../aggregate/media.ts";
import { ALGORITHM_VERSION } from "../aggregate/parameters.ts";
import { aggregatePose } from "../aggregate/pose.ts";
import type { KeptEvent } from "../buffer/port.ts";
import type { PoseBatch } from "../codec/pose_batch.ts";
import { readReplay } from "../codec/replay.ts";
import type { SessionResult, Tracked } from "../publisher.ts";
import { serverCodec } from "../server_codec.ts";

/** What is left of a session once everything was taken out that nobody agreed to. */
export type SummaryInput = { replay: Uint8Array; events: KeptEvent[]; exercises: Tracked[] };

/** What a session comes to, by exercise (TEL-04, TEL-11). Pure: the same input gives the same. */
export async function summarise({ replay, events, exercises }: SummaryInput): Promise<SessionResult> {
  const batches = new Map<number, PoseBatch[]>();
  for (const { exercise, body } of readReplay(replay)) {
    const batch = await serverCodec.decode(body);
    const known = batches.get(exercise);
    if (known) known.push(batch);
    else batches.set(exercise, [batch]);
  }
  const trackedOf = (place: number) => exercises.find((tracked) => tracked.place === place);
  const byPlace = (a: { place: number }, b: { place: number }) => a.place - b.place;
  return {
    algorithmVersion: ALGORITHM_VERSION,
    exercises: [...batches]
      .map(([place, ofExercise]) => summaryOf(place, ofExercise, jointsOf(trackedOf(place))))
      .sort(byPlace),
    media: [...Map.groupBy(events, ({ exercise }) => exercise)]
      .map(([place, said]) => mediaOf(place, said, trackedOf(place)?.seconds ?? null))
      .sort(byPlace),
  };
}

function summaryOf(place: number, batches: PoseBatch[], joints: Joint[]): SessionResult["exercises"][number] {
  const { repetitions, measured, signal, confidence, view, frames } = aggregatePose(batches, { joints });
  const numbers = batches.map(({ sequence }) => sequence);
  const spanned =
    numbers.reduce((most, n) => Math.max(most, n), 0) - numbers.reduce((least, n) => Math.min(least, n)) + 1;
  return {
    place,
    reps: repetitions.map(({ start, turn, end, range }) => ({
      startMs: start,
      turnMs: turn,
      endMs: end,
      range,
    })),
    range: measured?.range ?? null,
    measured: measured && { joint: measured.joint, side: measured.side },
    signal,
    confidence,
    view,
    frames,
    gaps: spanned - new Set(numbers).size,
  };
}

/** The joints of an exercise have sides, those of the aggregation have both: `left_knee` is a knee. */
function jointsOf(tracked: Tracked | undefined): Joint[] {
  const names = (tracked?.joints ?? []).map((name) => name.replace(/^(left|right)_/, ""));
  return [...new Set(names)].filter((name): name is Joint => Object.hasOwn(JOINTS, name));
}

function mediaOf(place: number, said: KeptEvent[], duration: number | null): SessionResult["media"][number] {
  const { watched, stalls, speeds } = aggregateMedia(said.map(asMediaEvent), duration);
  return {
    place,
    watched,
    durationMs: duration === null ? null : duration * 1000,
    stalls: stalls.map(({ at, length }) => ({ atMs: at, lengthMs: length * 1000 })),
    rates: speeds.map(({ speed, seconds }) => ({ rate: speed, seconds })),
  };
}

function asMediaEvent({ id, at, position, rate, kind, from }: KeptEvent): MediaEvent {
  const said = { sequence: id, at, position, speed: rate };
  if (kind === "seek") return { ...said, kind, from: from ?? position };
  if (kind === "rate") return { ...said, kind: "speed" };
  return { ...said, kind: kind === "end" ? "ended" : kind };
}
