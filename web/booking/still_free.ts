import { useEffect } from "preact/hooks";
import type { Hold } from "../../client/generated/http.ts";
import type { UUID } from "../../client/scalars.ts";
import type { Door } from "./door.ts";
import { listen } from "./live.ts";
import { dayOf, windowAround } from "./times.ts";

/**
 * Looks after a time that is kept no longer while somebody still fills in the form: as soon as it is not free any more, `onTaken`
 * asks for it, and is told in the API's words. While it is kept, nobody can take it.
 */
export function useStillFree(
  door: Door,
  hold: Hold | null,
  specialist: string | undefined,
  onTaken: () => void,
): void {
  useEffect(() => {
    if (!hold) return;
    let end = () => {};
    const look = async () => {
      const window = windowAround(dayOf({ localStart: hold.startsAt }));
      const { slots } = await door.getAvailability({
        calendar: hold.calendarId,
        ...(specialist ? { specialist: specialist as UUID } : {}),
        ...window,
      });
      if (!slots.some(({ startsAt }) => Date.parse(startsAt) === Date.parse(hold.startsAt))) onTaken();
    };
    const begin = () => {
      const lookNow = () => void look().catch(() => {}); // booking it says the same
      end = listen(hold.calendarId, lookNow);
      lookNow();
    };
    // A moment later than it is kept, so that it is free by then.
    const timer = setTimeout(begin, Math.max(0, Date.parse(hold.expiresAt) - door.now()) + 1_000);
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [door, hold?.token, hold?.startsAt, hold?.expiresAt, specialist]);
}
