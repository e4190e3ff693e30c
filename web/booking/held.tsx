import { useEffect, useState } from "preact/hooks";
import type { Hold } from "../../client/generated/http.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";
import { countdown } from "./times.ts";

/** From here on it is said that little is left. */
const SOON_MS = 2 * 60_000;

/** How long the time is still kept, and the way to keep it longer, as far as the clinic lets one. */
export function Held({
  door,
  hold,
  onExtend,
}: {
  door: Door;
  hold: Hold;
  /** Resolves with whether it was kept longer. */
  onExtend(): Promise<boolean>;
}) {
  const say = useTexts(bookingTexts);
  const [now, setNow] = useState(door.now);
  const [isLongest, setLongest] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(door.now()), 1_000);
    return () => clearInterval(timer);
  }, [door]);
  const left = Date.parse(hold.expiresAt) - now;

  const extend = async () => {
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    try {
      setLongest(!(await onExtend()));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    } finally {
      setAsking(false);
    }
  };

  return (
    <div class="notice held">
      {left > 0 ? (
        <p>
          {say("kept_for")} <span role="timer">{countdown(left)}</span>
        </p>
      ) : (
        <p>{say("no_longer_kept")}</p>
      )}
      <p role="status" class="unseen">
        {left > 0 && left <= SOON_MS ? say("kept_soon_over") : left <= 0 ? say("no_longer_kept") : ""}
      </p>
      {isLongest ? (
        <p class="soft">{say("kept_longest")}</p>
      ) : (
        <button type="button" class="plain" aria-disabled={isAsking} onClick={() => void extend()}>
          {say(left > 0 ? "keep_longer" : "keep_again")}
        </button>
      )}
      <FailureNotice failure={failure} />
    </div>
  );
}
