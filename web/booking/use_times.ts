import { useEffect, useRef, useState } from "preact/hooks";
import type { Availability } from "../../client/generated/http.ts";
import type { UUID } from "../../client/scalars.ts";
import type { Door } from "./door.ts";
import { listen } from "./live.ts";
import { addMonths, type Day, dayOf, type Month, monthOf, windowAround } from "./times.ts";

export type Slot = Availability["slots"][number];

/** How long changes are gathered before the times are asked for again: a busy calendar changes every second. */
const PAUSE_MS = 3_000;
/** How many times are offered before somebody looks for a day. */
const NEXT = 3;

/** The free times of a calendar, kept up to date: the next ones, the days of a month, and the times of a day. Undefined while asked for. */
export function useTimes(
  door: Door,
  calendar: string,
  specialist: string | undefined,
  month: Month | null,
  day: Day | null,
) {
  const [rounds, setRounds] = useState({ next: 0, days: 0, slots: 0 });
  const [failure, setFailure] = useState<unknown>(null);
  const asked = { calendar: calendar as UUID, ...(specialist ? { specialist: specialist as UUID } : {}) };
  const who = `${calendar} ${specialist}`;

  const next = useAnswer(
    `${who}`,
    rounds.next,
    async () => (await door.getNextAvailable({ ...asked, count: NEXT })).slots,
  );
  const days = useAnswer(month && `${who} ${month}`, rounds.days, async () => {
    const at = month as Month;
    return (await door.getAvailableDays({ ...asked, from: `${at}-01`, to: `${addMonths(at, 1)}-01` })).days;
  });
  const slots = useAnswer(day && `${who} ${day}`, rounds.slots, async () => {
    const { slots } = await door.getAvailability({ ...asked, ...windowAround(day as Day) });
    return slots.filter((slot) => dayOf(slot) === day);
  });

  const seen = useRef({ month, day });
  seen.current = { month, day };
  const refresh = (changed: readonly Day[] | null = null): void => {
    const { month, day } = seen.current;
    setFailure(null);
    setRounds((before) => ({
      next: before.next + 1,
      days: before.days + (changed && !changed.some((one) => monthOf(one) === month) ? 0 : 1),
      slots: before.slots + (changed && !changed.some((one) => one === day) ? 0 : 1),
    }));
  };
  useEffect(() => gathered(refresh, (tell) => listen(calendar, tell)), [calendar]);
  useEffect(() => {
    // A telephone that slept, or had no network, heard nothing.
    const back = () => document.visibilityState === "visible" && refresh();
    addEventListener("online", back);
    document.addEventListener("visibilitychange", back);
    return () => {
      removeEventListener("online", back);
      document.removeEventListener("visibilitychange", back);
    };
  }, []);

  return { next, days, slots, failure, refresh };

  /** An answer to a question, asked again at each round; what was known stays while the same is asked again. */
  function useAnswer<T>(question: string | null, round: number, ask: () => Promise<T>): T | undefined {
    const [known, setKnown] = useState<{ question: string; answer: T } | null>(null);
    useEffect(() => {
      if (!question) return;
      let isStale = false;
      ask().then(
        (answer) => isStale || setKnown({ question, answer }),
        (error: unknown) => isStale || setFailure(error),
      );
      return () => {
        isStale = true;
      };
    }, [question, round]);
    return known?.question === question ? known?.answer : undefined;
  }
}

/** Hands the first change on at once, and what comes soon after it together. */
function gathered(
  hand: (days: Day[] | null) => void,
  begin: (tell: (days: Day[] | null) => void) => () => void,
): () => void {
  let waiting: Day[] | null | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    timer = undefined;
    if (waiting === undefined) return;
    const days = waiting;
    waiting = undefined;
    timer = setTimeout(later, PAUSE_MS);
    hand(days);
  };
  const end = begin((days) => {
    waiting = days === null || waiting === null ? null : [...(waiting ?? []), ...days];
    if (timer === undefined) later();
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}
