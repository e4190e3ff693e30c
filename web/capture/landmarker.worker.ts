import { PoseLandmarker } from "@mediapipe/tasks-vision";
import wasmLoaderPath from "@mediapipe/tasks-vision/vision_wasm_module_internal.js?url";
import wasmBinaryPath from "@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url";
import { LANDMARKS, NUMBERS } from "../../telemetry/codec/pose_batch.ts";
import type { FromLandmarker, ToLandmarker } from "./messages.ts";
import modelAssetPath from "./model/pose_landmarker_lite.task?url";

/**
 * Finds the landmarks of one person in pictures, on this device and in a thread of its own (TEL-08). Program and model come from where
 * the page came from, and no picture leaves this thread. Loaded only once a camera was asked for.
 */
const tell = (message: FromLandmarker, transferred: Transferable[] = []) =>
  postMessage(message, { transfer: transferred });

/** A GPU, where there is one: a browser that emulates it takes fifty times as long as the processor does without. */
function hasGpu(): boolean {
  const canvas = new OffscreenCanvas(1, 1).getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  const asked = canvas?.getExtension("WEBGL_debug_renderer_info");
  const name = asked ? String(canvas?.getParameter(asked.UNMASKED_RENDERER_WEBGL)) : "";
  return canvas !== null && !/swiftshader|llvmpipe|software|basic render/i.test(name);
}

const landmarker = PoseLandmarker.createFromOptions(
  { wasmLoaderPath, wasmBinaryPath },
  {
    baseOptions: { modelAssetPath, delegate: hasGpu() ? "GPU" : "CPU" },
    runningMode: "VIDEO",
    numPoses: 1,
  },
);
landmarker.then(
  () => tell({ kind: "ready" }),
  (error) => tell({ kind: "failed", reason: String(error) }),
);

addEventListener("message", async ({ data }: MessageEvent<ToLandmarker>) => {
  const { picture, at } = data;
  try {
    const { landmarks } = (await landmarker).detectForVideo(picture, at);
    const [person] = landmarks;
    if (person?.length !== LANDMARKS) return tell({ kind: "pose", at, landmarks: null });
    const numbers = new Float32Array(LANDMARKS * NUMBERS);
    for (const [i, { x, y, z, visibility }] of person.entries())
      numbers.set([x, y, z, visibility], i * NUMBERS);
    tell({ kind: "pose", at, landmarks: numbers }, [numbers.buffer]);
  } catch (error) {
    tell({ kind: "failed", reason: String(error) });
  } finally {
    picture.close();
  }
});
