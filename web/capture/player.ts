import type { PlayerEvent } from "./kept.ts";

/** How often a player that plays on says where it is: what follows no event is not counted (docs/decisions/0162). */
const REACHED_MS = 5_000;

/** What of a `<video>` is listened to. */
export type Player = Pick<EventTarget, "addEventListener" | "removeEventListener"> & {
  readonly currentTime: number;
  readonly playbackRate: number;
  readonly paused: boolean;
  readonly ended: boolean;
};

/**
 * Says what a player does, in the words of telemetry (TEL-11): `say` is called with each event, until the function that it answers
 * with is called. A player that leaves the page while it plays has paused there.
 */
export function watchPlayer(
  player: Player,
  {
    exercise,
    say,
    now = clock,
  }: { exercise: number; say(event: Omit<PlayerEvent, "id">): void; now?(): number },
): () => void {
  /** Where it was before a jump: when a jump is told, the place is the new one already. */
  let before = player.currentTime;
  let isPlaying = false;
  let isStalled = false;
  let isSeeking = false;
  let reachedAt = 0;

  const tell = (kind: PlayerEvent["kind"], from?: number) => {
    const at = now();
    const position = Math.max(0, player.currentTime);
    reachedAt = at;
    say({ exercise, kind, at, position, rate: player.playbackRate, ...(from !== undefined && { from }) });
  };
  const listeners: Record<string, () => void> = {
    playing() {
      if (isStalled) tell("resume");
      else if (!isPlaying) tell("play");
      isStalled = false;
      isPlaying = true;
    },
    pause() {
      // One that has ended pauses, too, and says so after it.
      if (isPlaying && !player.ended) tell("pause");
      if (!player.ended) isPlaying = false;
      isStalled = false;
    },
    waiting() {
      if (isPlaying && !isStalled && !isSeeking) {
        isStalled = true;
        tell("stall");
      }
    },
    seeking() {
      isSeeking = true;
    },
    // Told once it has arrived: whoever drags passes many places.
    seeked() {
      isSeeking = false;
      tell("seek", before);
      before = player.currentTime;
    },
    ratechange() {
      if (isPlaying) tell("rate");
    },
    timeupdate() {
      if (!isSeeking) before = player.currentTime;
      if (isPlaying && !isStalled && !isSeeking && now() - reachedAt >= REACHED_MS) tell("reached");
    },
    ended() {
      tell("end");
      isPlaying = false;
      isStalled = false;
    },
  };
  for (const [name, listener] of Object.entries(listeners)) player.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) player.removeEventListener(name, listener);
    if (isPlaying) tell("pause");
    isPlaying = false;
  };
}

/** Milliseconds since 1970, by a clock that never goes back while the page is open. */
export const clock = (): number => performance.timeOrigin + performance.now();
