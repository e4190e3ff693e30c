import type { BrowserContext } from "playwright-core";
import { record, STANDING } from "../../../telemetry/tests/skeleton.ts";

/** Somebody who squats, two seconds each time, for half a minute: then again from the beginning. */
const frames = record(
  (seconds) => {
    const depth = (1 - Math.cos(seconds * Math.PI)) / 2;
    return { ...STANDING, knee: 178 - depth * 80, hip: 178 - depth * 70 };
  },
  { seconds: 30, jitter: 0.001 },
).map(({ landmarks }) => Array.from(landmarks ?? [], (value) => Math.round(value * 1e4) / 1e4));

/** Instead of the program that finds people in pictures: it sees this one, by the clock of the pictures that it is given. */
const program = `
  const frames = ${JSON.stringify(frames)};
  let begun;
  addEventListener("message", ({ data: { picture, at } }) => {
    begun ??= at;
    picture.close();
    const landmarks = Float32Array.from(frames[Math.floor(((at - begun) * 30) / 1000) % frames.length]);
    postMessage({ kind: "pose", at, landmarks });
  });
  postMessage({ kind: "ready" });
`;

/** Lets the pages of a context see recorded landmarks: camera, batches, network and counting are the page's own. */
export async function replayLandmarks(context: BrowserContext): Promise<void> {
  await context.route("**/assets/threads/landmarker*", (route) =>
    route.fulfill({ contentType: "text/javascript", body: program }),
  );
}
