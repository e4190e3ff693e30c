import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { PlayExerciseVideoDocument } from "../documents/generated/operations.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";

/** A video that is looked at once somebody asks for it: its address is made for them, and ends after some minutes. */
export function VideoPlayer({ client, render }: { client: Client; render: UUID }) {
  const say = useTexts(exerciseTexts);
  const [url, setUrl] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const play = async () => {
    setFailure(null);
    try {
      setUrl((await client.ask(PlayExerciseVideoDocument, { render })).exerciseVideo.url);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  return (
    <>
      <FailureNotice failure={failure} />
      {url ? (
        <video controls autoplay muted playsinline src={url} onError={() => setUrl(null)} />
      ) : (
        <button type="button" onClick={() => void play()}>
          {say("play")}
        </button>
      )}
    </>
  );
}
