import { runProgram } from "../../runtime/run_program.ts";
import { StartupError } from "../../runtime/startup_error.ts";
import { aggregatePose } from "../../telemetry/aggregate/pose.ts";
import { codecV1 } from "../../telemetry/codec/codec_v1.ts";
import { codecFigures } from "./codec_figures.ts";
import { countByFixedDegrees } from "./fixed_threshold.ts";
import { batchesOf, halved, type Recording, readRecordings } from "./recordings.ts";

type Counted = Recording & { ours: number; peer: number };

/**
 * Counts the repetitions of a folder of recordings, each through the codec, and prints how far the counts are from
 * those of people: MAE = mean(|counted − expected| ÷ (expected + 0.1)), OBO = the share that is off by at most one.
 * Beside it a peer of fixed degrees, and for the codec float32 with gzip, in the same run. `--each` prints every
 * recording. `npm run bench:pose -- <folder>`
 */
async function run(args: string[]): Promise<number> {
  const folder = args.find((arg) => !arg.startsWith("--"));
  if (!folder) {
    throw new StartupError("Which folder? npm run bench:pose -- <folder of *.json.gz>");
  }
  const recordings = readRecordings(folder);
  console.log(`${recordings.length} recordings`);
  for (const line of await codecFigures(recordings)) console.log(line);
  const known = recordings.filter(({ expected }) => expected !== null);
  console.log(`\n${"set".padEnd(40)}ids   recordings   OBO    MAE   fixed degrees: OBO    MAE`);
  for (const [speed, change] of [
    ["", (recording: Recording) => recording],
    [", half the pictures", halved],
  ] as const) {
    const counted: Counted[] = [];
    for (const recording of known) counted.push(await count(change(recording)));
    if (args.includes("--each") && speed === "") for (const one of counted) console.log(lineOf(one));
    for (const set of new Set(counted.map((one) => one.set))) {
      const ofSet = counted.filter((one) => one.set === set);
      const most = ofSet.filter(({ expected }) => expected! >= 2);
      printSet(`${set}${speed}`, ofSet);
      if (most.length < ofSet.length) printSet(`${set} of 2 or more${speed}`, most);
    }
  }
  return 0;
}

async function count(recording: Recording): Promise<Counted> {
  const batches = await Promise.all(
    batchesOf(recording).map(async (batch) => codecV1.decode(await codecV1.encode(batch))),
  );
  const { repetitions } = aggregatePose(batches, { joints: recording.joints });
  return { ...recording, ours: repetitions.length, peer: countByFixedDegrees(batches, recording.joints) };
}

function printSet(name: string, counted: readonly Counted[]): void {
  for (const [ids, chosen] of [
    ["even", counted.filter(({ isEven }) => isEven)],
    ["odd", counted.filter(({ isEven }) => !isEven)],
    ["all", counted],
  ] as const) {
    if (chosen.length === 0) continue;
    const [ours, peer] = [judged(chosen, "ours"), judged(chosen, "peer")];
    console.log(
      `${name.padEnd(40)}${ids.padEnd(6)}${String(chosen.length).padStart(10)}   ${ours}${" ".repeat(15)}   ${peer}`,
    );
  }
}

function judged(counted: readonly Counted[], by: "ours" | "peer"): string {
  const errors = counted.map((one) => ({ off: Math.abs(one[by] - one.expected!), of: one.expected! + 0.1 }));
  const obo = errors.filter(({ off }) => off <= 1).length / errors.length;
  const mae = errors.reduce((sum, { off, of }) => sum + off / of, 0) / errors.length;
  return `${obo.toFixed(3)}  ${mae.toFixed(3)}`;
}

function lineOf({ id, expected, ours, peer }: Counted): string {
  return `  ${id.padEnd(40)} expected ${String(expected).padStart(3)}, counted ${String(ours).padStart(3)}, fixed degrees ${peer}`;
}

await runProgram(() => run(process.argv.slice(2)));
