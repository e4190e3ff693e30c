import { useEffect, useMemo, useState } from "preact/hooks";
import { Refused } from "../../../client/refused.ts";
import { openKeptRecordings } from "../../capture/kept_in_browser.ts";
import type { RecordingState, SessionRecording } from "../../capture/recording.ts";
import { manageRecordings, type StartedRecording } from "../../capture/recordings.ts";
import type { Door } from "./door.ts";

export type Recordings = {
  begin(started: StartedRecording): Promise<SessionRecording>;
  stateOf(recording: SessionRecording): RecordingState;
};

/** The recordings of this device, for as long as the page is open: what an earlier page left is sent while this one is used. */
export function useRecordings(door: Door): Recordings {
  const [states, setStates] = useState<Record<string, RecordingState>>({});
  const managed = useMemo(
    () =>
      openKeptRecordings().then((kept) => {
        const managed = manageRecordings({
          kept,
          async renew(session) {
            try {
              return (await door.start(session, [])).recording;
            } catch (error) {
              // What is refused stays refused; whoever could not be reached is asked again.
              if (error instanceof Refused) return null;
              throw error;
            }
          },
          changed: (session, state) => setStates((before) => ({ ...before, [session]: state })),
        });
        void managed.takeUp();
        return managed;
      }),
    [door],
  );

  useEffect(() => {
    const wake = () => void managed.then((one) => one.wake());
    const flush = () => {
      if (document.visibilityState === "hidden") void managed.then((one) => one.flush());
    };
    const leave = () => void managed.then((one) => one.flush());
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", flush);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", flush);
      window.removeEventListener("pagehide", leave);
    };
  }, [managed]);

  return {
    begin: async (started) => (await managed).begin(started),
    stateOf: (recording) => states[recording.session] ?? recording.state,
  };
}
