import workerUrl from "./landmarker.worker.ts?worker&url";
import type { FromLandmarker, ToLandmarker } from "./messages.ts";
import { startWorker } from "./worker.ts";

export type Landmarker = {
  /** Where the body is in a picture; null where nobody is seen. One picture at a time. */
  find(picture: ImageBitmap, at: number): Promise<Float32Array | null>;
  close(): void;
};

/** Loads program and model, some 17 MB; rejects where they cannot be loaded or do not run here. */
export function openLandmarker(): Promise<Landmarker> {
  const worker = startWorker(workerUrl);
  let answered: ((landmarks: Float32Array | null) => void) | null = null;
  let failed: (error: Error) => void;
  const next = () =>
    new Promise<Float32Array | null>((resolve, reject) => {
      answered = resolve;
      failed = reject;
    });
  return new Promise((resolve, reject) => {
    failed = reject;
    worker.onerror = ({ message }) => failed(new Error(message));
    worker.onmessage = ({ data }: MessageEvent<FromLandmarker>) => {
      if (data.kind === "pose") answered?.(data.landmarks);
      else if (data.kind === "failed") failed(new Error(data.reason));
      else
        resolve({
          find(picture, at) {
            const landmarks = next();
            worker.postMessage({ picture, at } satisfies ToLandmarker, [picture]);
            return landmarks;
          },
          close: () => worker.terminate(),
        });
    };
  });
}
