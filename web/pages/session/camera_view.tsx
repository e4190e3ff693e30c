import { useEffect, useRef, useState } from "preact/hooks";
import type { PoseFrame } from "../../../telemetry/codec/pose_batch.ts";
import type { ImageSize } from "../../capture/batcher.ts";
import type { Camera } from "../../capture/camera.ts";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";

/** What the camera sees, as in a mirror, and what is followed of it. */
export function CameraView({
  camera,
  onFrame,
  onFailed,
}: {
  camera: Camera;
  onFrame(frame: PoseFrame, image: ImageSize): void;
  onFailed(): void;
}) {
  const say = useTexts(sessionTexts);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isSeen, setSeen] = useState<boolean | null>(null);
  // The picture goes on while the page around it changes: what is called is always the newest.
  const told = useRef({ onFrame, onFailed });
  told.current = { onFrame, onFailed };

  useEffect(() => {
    const shown = video.current;
    if (!shown) return;
    let stop = () => {};
    let isGone = false;
    shown.srcObject = camera.stream;
    // Interrupted as the camera is put away: then nothing is to be shown. Otherwise, such as by a call, it goes on as soon as it may.
    const play = () => void (isGone || shown.play().catch(() => {}));
    shown.addEventListener("pause", play);
    play();
    // Loaded with the camera: whoever does without never asks for it.
    void Promise.all([import("../../capture/camera.ts"), import("../../capture/skeleton.ts")]).then(
      ([{ watchCamera }, { drawSkeleton }]) => {
        if (isGone) return;
        stop = watchCamera(shown, camera.landmarker, {
          seen(frame, image) {
            const drawn = canvas.current;
            if (drawn) {
              if (drawn.width !== image.width || drawn.height !== image.height) Object.assign(drawn, image);
              drawSkeleton(drawn, frame.landmarks);
            }
            setSeen(frame.landmarks !== null);
            told.current.onFrame(frame, image);
          },
          failed: () => told.current.onFailed(),
        });
      },
    );
    return () => {
      isGone = true;
      stop();
      shown.removeEventListener("pause", play);
      shown.srcObject = null;
    };
  }, [camera]);

  return (
    <figure class="camera">
      <div class="mirror">
        <video ref={video} autoPlay muted playsInline aria-label={say("camera_picture")} />
        <canvas ref={canvas} />
      </div>
      <figcaption>
        <span role="status">
          {say(isSeen === null ? "camera_waits" : isSeen ? "camera_sees" : "camera_sees_nobody")}
        </span>
      </figcaption>
    </figure>
  );
}
