import { useState } from "preact/hooks";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";

/** Ends a wait, by the token that joining answered or that an offer came with; what was kept goes to the next. */
export function LeaveWaitlist({ door, token, onLeft }: { door: Door; token: string; onLeft(): void }) {
  const say = useTexts(bookingTexts);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const leave = async () => {
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    try {
      await door.leaveWaitlist({ token });
      onLeft();
    } catch (error) {
      setFailure(failureOf(error, say("offline_kept")));
      setAsking(false);
    }
  };
  return (
    <>
      <FailureNotice failure={failure} />
      <p class="actions">
        <button type="button" aria-disabled={isAsking} onClick={() => void leave()}>
          {say("wait_leave")}
        </button>
      </p>
    </>
  );
}
