import type { ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";
import type { Calendar } from "./flow.ts";
import { Days } from "./month.tsx";
import { type Day, dayOf, dayText, type Month, monthOf } from "./times.ts";
import { SlotButton, Times } from "./times_of_day.tsx";
import { type Slot, useTimes } from "./use_times.ts";

/** A day and a time: the next free ones first, then a month to look for another day in, kept up to date while one looks. */
export function When({
  door,
  calendar,
  specialist,
  day,
  own,
  title,
  children,
  onDay,
  onTake,
  onNone,
}: {
  door: Door;
  calendar: Calendar;
  specialist: string | undefined;
  day: Day | null;
  /** The start that is kept for this visitor: it is free to them, and to nobody else. */
  own: Slot | null;
  title: string;
  /** What is said above the times, such as that one was lost. */
  children?: ComponentChildren;
  onDay(day: Day): void;
  /** Takes a time; what stands in the way it says itself. */
  onTake(slot: Slot): Promise<void>;
  /** Where there is a waitlist, the way to it. */
  onNone?: () => void;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const [month, setMonth] = useState<Month | null>(day && monthOf(day));
  const [taking, setTaking] = useState<string | null>(null);
  const { next, days, slots, failure, refresh } = useTimes(door, calendar.id, specialist, month, day);

  // Nobody has looked for a day yet: the first free one is opened.
  useEffect(() => {
    const [first] = next ?? [];
    if (month || !next) return;
    const shown = first ? dayOf(first) : new Date(door.now()).toISOString().slice(0, 10);
    setMonth(monthOf(shown));
    if (first) onDay(shown);
  }, [next, month]);

  const take = async (slot: Slot) => {
    if (taking) return;
    setTaking(slot.startsAt);
    await onTake(slot);
    setTaking(null);
    refresh();
  };
  const isFull = next?.length === 0 && !own;

  return (
    <>
      <StepHeading>{title}</StepHeading>
      {children}
      <FailureNotice failure={failure ? failureOf(failure, say("offline")) : null}>
        <button type="button" onClick={() => refresh()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!next && !failure && <Waiting>{say("loading_times")}</Waiting>}
      {isFull && <p class="notice">{say("no_times")}</p>}
      {next && !isFull && (
        <>
          {next.length > 0 && (
            <section aria-labelledby="next">
              <h2 id="next">{say("next_times")}</h2>
              <ul class="times next">
                {next.map((slot) => (
                  <li key={slot.startsAt}>
                    <SlotButton
                      slot={slot}
                      calendar={calendar}
                      isBusy={taking === slot.startsAt}
                      onTake={() => void take(slot)}
                    >
                      {dayText(dayOf(slot), language)}
                    </SlotButton>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {month && (
            <Days
              month={month}
              days={days}
              day={day}
              first={monthOf(new Date(door.now()).toISOString())}
              onMonth={setMonth}
              onDay={onDay}
            />
          )}
          {day && month === monthOf(day) && (
            <Times
              calendar={calendar}
              day={day}
              slots={slots && own && dayOf(own) === day ? withOwn(slots, own) : slots}
              own={own?.startsAt}
              taking={taking}
              onTake={(slot) => void take(slot)}
            />
          )}
        </>
      )}
      {onNone && next && (
        <p class="actions">
          <button type="button" class={isFull ? "main" : "plain"} onClick={onNone}>
            {say("to_waitlist")}
          </button>
        </p>
      )}
    </>
  );
}

/** Others no longer see a time that this visitor keeps; the visitor does. */
function withOwn(slots: readonly Slot[], own: Slot): Slot[] {
  const others = slots.filter(({ startsAt }) => Date.parse(startsAt) !== Date.parse(own.startsAt));
  return [...others, own].sort((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt));
}
