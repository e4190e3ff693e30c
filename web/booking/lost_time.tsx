import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { UUID } from "../../client/scalars.ts";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";
import type { Calendar, Lost } from "./flow.ts";
import { dayOf, dayText, nearest, windowNear } from "./times.ts";
import { SlotButton } from "./times_of_day.tsx";
import type { Slot } from "./use_times.ts";

/** That a chosen time is somebody else's now, in the API's words, and the free times that lie nearest to it. */
export function LostTime({
  door,
  calendar,
  specialist,
  lost,
  children,
  onTake,
}: {
  door: Door;
  calendar: Calendar;
  specialist: string | undefined;
  lost: Lost;
  /** What is said besides, such as that nothing typed is lost. */
  children?: preact.ComponentChildren;
  onTake(slot: Slot): Promise<void>;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const notice = useRef<HTMLElement>(null);
  const [near, setNear] = useState<Slot[] | null>(null);
  useLayoutEffect(() => notice.current?.focus(), [lost]);
  useEffect(() => {
    setNear(null);
    const asked = { calendar: calendar.id, ...(specialist ? { specialist: specialist as UUID } : {}) };
    const find = async () => {
      const around = await door.getAvailability({ ...asked, ...windowNear(lost.startsAt, door.now()) });
      const found = nearest(around.slots, lost.startsAt, 3);
      setNear(found.length > 0 ? found : [...(await door.getNextAvailable({ ...asked, count: 3 })).slots]);
    };
    // Where they cannot be asked for, the whole calendar is one step back.
    find().catch(() => setNear([]));
  }, [lost, calendar.id, specialist]);

  return (
    <section class="notice bad" ref={notice} tabIndex={-1} aria-label={lost.message}>
      <p>{lost.message}</p>
      {children}
      {near && near.length > 0 && (
        <>
          <p>{say("nearest_times")}</p>
          <ul class="times next">
            {near.map((slot) => (
              <li key={slot.startsAt}>
                <SlotButton slot={slot} calendar={calendar} isBusy={false} onTake={() => void onTake(slot)}>
                  {dayText(dayOf(slot), language)}
                </SlotButton>
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="code">{lost.code}</p>
    </section>
  );
}
