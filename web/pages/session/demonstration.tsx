import { useEffect, useRef, useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import type { PlayerEvent } from "../../capture/kept.ts";
import { watchPlayer } from "../../capture/player.ts";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";

/** The video of an exercise. What its player does is said to whoever records it. */
export function Demonstration({
  videoId,
  place,
  name,
  urlOf,
  onEvent,
}: {
  videoId: UUID | null;
  place: number;
  name: string;
  urlOf(video: UUID): Promise<string>;
  onEvent(event: Omit<PlayerEvent, "id">): void;
}) {
  const say = useTexts(sessionTexts);
  const video = useRef<HTMLVideoElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(videoId === null);
  const tries = useRef(0);
  const told = useRef(onEvent);
  told.current = onEvent;

  function ask(): void {
    if (!videoId) return;
    urlOf(videoId).then(setUrl, () => setMissing(true));
  }
  useEffect(ask, [videoId]);
  useEffect(() => {
    if (!video.current) return;
    return watchPlayer(video.current, { exercise: place, say: (event) => told.current(event) });
  }, [url, place]);

  if (isMissing) return <p class="soft">{say("no_video")}</p>;
  if (!url) return <p class="waiting">{say("loading")}</p>;
  return (
    <video
      class="demonstration"
      ref={video}
      src={url}
      controls
      playsInline
      muted
      preload="metadata"
      aria-label={say("video_of", { name })}
      onError={() => {
        // Its address counts for some minutes: one that is over is asked for once more.
        tries.current += 1;
        if (tries.current > 1) setMissing(true);
        else ask();
      }}
    />
  );
}
