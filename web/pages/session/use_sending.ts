import { useEffect, useRef, useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import { Unreachable } from "../../../client/refused.ts";
import type { AskedForm, Door, Entry } from "./door.ts";
import type { progressOf } from "./progress.ts";

/**
 * Sends what the patient entered. What cannot be sent now is kept and sent again when there is a network, and before the session is
 * completed; the id of an entry makes that harmless.
 */
export function useSending({
  session,
  door,
  progress,
}: {
  /** Null: it has not begun, and nothing was entered. */
  session: UUID | null;
  door: Door;
  progress: ReturnType<typeof progressOf>;
}) {
  const [isWaiting, setWaiting] = useState(false);
  const underway = useRef<Promise<void>>(Promise.resolve());

  async function sendAll(): Promise<void> {
    if (!session) return;
    for (const { isSent, ...entry } of progress.now.entries) {
      if (isSent) continue;
      await door.enter(session, entry);
      progress.sent(entry.clientId);
    }
    setWaiting(false);
  }
  /** One after the other, whoever asks: who asked before was told of a failure, and this one sends what is left again. */
  function send(): Promise<void> {
    underway.current = underway.current.catch(() => {}).then(sendAll);
    return underway.current;
  }
  const sendLater = (error: unknown) => {
    setWaiting(true);
    // A refusal is told where the session is completed; until then nothing of what comes next depends on it.
    if (!(error instanceof Unreachable)) console.warn(error);
  };

  useEffect(() => {
    const again = () => void send().catch(sendLater);
    if (progress.now.entries.some(({ isSent }) => !isSent)) again();
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [session]);

  return {
    isWaiting,
    enter(entry: Entry): void {
      progress.enter(entry);
      void send().catch(sendLater);
    },
    /** Resolves to the form that is asked after the session, if one is. */
    async complete(): Promise<AskedForm | null> {
      if (!session) return null;
      await send();
      const { painBefore, painAfter, completedAt } = progress.now;
      return await door.complete(session, {
        before: painBefore ?? 0,
        after: painAfter ?? 0,
        at: completedAt ?? new Date().toISOString(),
      });
    },
  };
}
