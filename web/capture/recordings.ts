import type { UUID } from "../../client/index.ts";
import type { KeptRecording, KeptRecordings } from "./kept.ts";
import { openRecording, type RecordingState, type SessionRecording } from "./recording.ts";

/** What the API answered as a session started: the recording's id, its token and where it is sent. */
export type StartedRecording = {
  session: string;
  patientSession: UUID;
  url: string;
  token: string;
  scopes: string[];
  until: number;
};

/**
 * All recordings of this device: those that an earlier page left are sent first, and one that goes on does so under the numbers that it
 * had. `renew` starts the session again, which answers the same recording with a new token; null where that is refused.
 */
export function manageRecordings({
  kept,
  renew,
  changed,
}: {
  kept: KeptRecordings;
  renew(patientSession: UUID): Promise<StartedRecording | null>;
  changed(session: string, state: RecordingState): void;
}) {
  const open = new Map<string, SessionRecording>();

  async function take(recording: KeptRecording): Promise<SessionRecording> {
    const { session, patientSession } = recording;
    const opened = await openRecording(recording, {
      kept,
      changed: (state) => changed(session, state),
      async renew() {
        const again = await renew(patientSession);
        return again?.session === session ? again.token : null;
      },
    });
    open.set(session, opened);
    return opened;
  }

  return {
    /** Sends what earlier pages left. */
    async takeUp(): Promise<void> {
      for (const recording of await kept.all()) {
        if (open.has(recording.session)) continue;
        const taken = await take(recording);
        if (recording.hasEnded) void taken.end();
        else taken.wake();
      }
    },
    /** The recording of a session that was started, or goes on. */
    async begin({ scopes, ...started }: StartedRecording): Promise<SessionRecording> {
      const { session } = started;
      open.get(session)?.close();
      const before = (await kept.all()).find((one) => one.session === session);
      return take({
        ...{ nextSequence: 0, nextEvents: {}, exercises: [] },
        ...before,
        ...started,
        scopes,
        hasEnded: false,
      });
    },
    wake(): void {
      for (const recording of open.values()) recording.wake();
    },
    /** As the page goes away. */
    async flush(): Promise<void> {
      await Promise.all([...open.values()].map((recording) => recording.flush()));
    },
  };
}
