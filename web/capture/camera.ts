import type { PoseFrame } from "../../telemetry/codec/pose_batch.ts";
import type { ImageSize } from "./batcher.ts";
import { type Landmarker, openLandmarker } from "./landmarker.ts";
import { clock } from "./player.ts";

/** Why there is no camera: nobody let us, there is none, something else uses it, or the browser lends none to this page. */
export type CameraProblem = "denied" | "none" | "busy" | "unsupported" | "landmarker";

export class NoCamera extends Error {
  override name = "NoCamera";
  readonly problem: CameraProblem;
  constructor(problem: CameraProblem, options?: ErrorOptions) {
    super(`There is no camera: ${problem}`, options);
    this.problem = problem;
  }
}

const problems: Record<string, CameraProblem> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

export type Camera = { stream: MediaStream; landmarker: Landmarker; close(): void };

/** Asks for the camera that looks at whoever looks at the screen, and loads what finds people in its pictures. No sound. */
export async function openCamera(): Promise<Camera> {
  if (!navigator.mediaDevices) throw new NoCamera("unsupported");
  const video = {
    facingMode: "user",
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
  };
  const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false }).catch((cause) => {
    throw new NoCamera(problems[cause.name] ?? "unsupported", { cause });
  });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    const landmarker = await openLandmarker();
    return {
      stream,
      landmarker,
      close() {
        stop();
        landmarker.close();
      },
    };
  } catch (cause) {
    stop();
    throw new NoCamera("landmarker", { cause });
  }
}

/**
 * Looks at the pictures that a `<video>` shows of a camera, one after the other and as fast as the device finds people in them, until
 * the function that it answers with is called. `failed` is called once, where that goes no further.
 */
export function watchCamera(
  video: HTMLVideoElement,
  landmarker: Landmarker,
  { seen, failed }: { seen(frame: PoseFrame, image: ImageSize): void; failed(error: unknown): void },
): () => void {
  let isOver = false;
  // A picture is told by the moment at which it comes; without that, by the next one of the screen.
  const onNext = (look: () => void) =>
    video.requestVideoFrameCallback ? video.requestVideoFrameCallback(look) : requestAnimationFrame(look);

  async function look(): Promise<void> {
    if (isOver) return;
    const { videoWidth: width, videoHeight: height } = video;
    try {
      if (width > 0 && !video.paused) {
        const at = clock();
        const landmarks = await landmarker.find(await createImageBitmap(video), at);
        if (!isOver) seen({ at, landmarks }, { width, height });
      }
    } catch (error) {
      if (!isOver) failed(error);
      return;
    }
    onNext(look);
  }
  onNext(look);
  return () => {
    isOver = true;
  };
}
