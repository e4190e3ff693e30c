import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Unreachable } from "../../client/refused.ts";
import type { Answers } from "../forms/content.ts";
import type { Found } from "../forms/found.ts";
import type { Door } from "./door.ts";

export type SavingState = "saved" | "now" | "held" | "offline";

const PAUSE_MS = 800;
const AGAIN_MS = 4_000;

/**
 * Keeps what is typed: a moment after the last key, and again and again where the network is gone, until it is back. `flush` saves
 * at once and says what the database finds wrong.
 */
export function useSaving(door: Door, answers: Answers, onFailure: (error: unknown) => void) {
  const [state, setState] = useState<SavingState>("saved");
  const latest = useRef(answers);
  const saved = useRef(answers);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  latest.current = answers;

  const saver = useMemo(() => {
    // One after the other, so that what was typed first never overwrites what was typed last.
    let running: Promise<unknown> = Promise.resolve();
    const save = (): Promise<Found[]> => {
      clearTimeout(timer.current);
      const next = running
        .catch(() => {})
        .then(async () => {
          const sent = latest.current;
          setState("now");
          try {
            const { problems } = await door.save(sent);
            saved.current = sent;
            // Where something does not fit, nothing of it was kept; what is only missing yet keeps nothing out.
            const fits = problems.every(({ reason }) => reason === "required");
            setState(!fits ? "held" : latest.current === sent ? "saved" : "now");
            return problems;
          } catch (error) {
            setState("offline");
            throw error;
          }
        });
      running = next;
      return next;
    };
    const saveLater = (pause: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        save().catch((error: unknown) =>
          error instanceof Unreachable ? saveLater(AGAIN_MS) : onFailure(error),
        );
      }, pause);
    };
    return { save, saveLater };
  }, [door]);

  useEffect(() => {
    if (answers === saved.current) return;
    saver.saveLater(PAUSE_MS);
  }, [answers, saver]);
  useEffect(() => {
    const back = () => latest.current !== saved.current && saver.saveLater(0);
    addEventListener("online", back);
    return () => {
      removeEventListener("online", back);
      clearTimeout(timer.current);
    };
  }, [saver]);

  return { state, flush: saver.save };
}
