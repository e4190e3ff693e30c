import { useEffect, useRef, useState } from "preact/hooks";
import type { Camera, CameraProblem } from "../../capture/camera.ts";

export type CameraState = { opened: Camera | null; problem: CameraProblem | null; isOpening: boolean };

const closed: CameraState = { opened: null, problem: null, isOpening: false };

/** The camera of this page. What it takes is loaded when somebody asks for it, and it goes off with the page. */
export function useCamera() {
  const [state, setState] = useState<CameraState>(closed);
  const opened = useRef<Camera | null>(null);
  /** Counts askings: a camera that opens after nobody wants it any more is closed at once. */
  const asking = useRef(0);

  function close(problem: CameraProblem | null = null): void {
    asking.current += 1;
    opened.current?.close();
    opened.current = null;
    setState({ ...closed, problem });
  }
  useEffect(() => () => close(), []);

  return {
    state,
    close: () => close(),
    /** It goes no further: the rest of the session is done without. */
    fail: () => close("landmarker"),
    async open(): Promise<void> {
      close();
      const mine = asking.current;
      setState({ ...closed, isOpening: true });
      try {
        const { openCamera } = await import("../../capture/camera.ts");
        const camera = await openCamera();
        if (asking.current !== mine) return camera.close();
        opened.current = camera;
        setState({ ...closed, opened: camera });
      } catch (error) {
        if (asking.current !== mine) return;
        const { problem = "landmarker" } = error as { problem?: CameraProblem };
        close(problem);
      }
    },
  };
}
