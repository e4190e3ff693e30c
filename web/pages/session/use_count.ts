import { useEffect, useRef, useState } from "preact/hooks";
import { JOINTS, type Joint } from "../../../telemetry/aggregate/angles.ts";
import type { PoseFrame } from "../../../telemetry/codec/pose_batch.ts";
import type { ImageSize } from "../../capture/batcher.ts";
import type { Counted } from "../../capture/messages.ts";

/** Where pictures of a movement go besides: into the recording, if there is one. */
export type Following = {
  frame(frame: PoseFrame, place: number, image: ImageSize): void;
  now(): number;
};

type Counter = { add(frame: PoseFrame, image: ImageSize): void; close(): void };

/** Counts the repetitions of each set while it is done, and hands its pictures on. Between sets nothing is counted or recorded. */
export function useCount({
  place,
  joints,
  isMoving,
  following,
}: {
  place: number;
  joints: string[] | null;
  isMoving: boolean;
  following: Following;
}) {
  const [counted, setCounted] = useState<Counted | null>(null);
  const counter = useRef<Counter | null>(null);
  useEffect(() => {
    setCounted(null);
    if (!isMoving) return;
    let isOver = false;
    const known = (joints ?? []).filter((joint): joint is Joint => joint in JOINTS);
    void import("../../capture/counter.ts").then(({ startCounter }) => {
      if (!isOver) counter.current = startCounter(known, setCounted);
    });
    return () => {
      isOver = true;
      counter.current?.close();
      counter.current = null;
    };
  }, [isMoving, place]);

  return {
    counted,
    onFrame(frame: PoseFrame, image: ImageSize): void {
      if (!isMoving) return;
      following.frame(frame, place, image);
      counter.current?.add(frame, image);
    },
  };
}
