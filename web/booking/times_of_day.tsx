import type { ComponentChildren } from "preact";
import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Calendar } from "./flow.ts";
import { clockOf, type Day, dayText, ownClock } from "./times.ts";
import type { Slot } from "./use_times.ts";

/** The free times of a day. One that somebody else took disappears, and where the focus was on it, that is said. */
export function Times({
  calendar,
  day,
  slots,
  own,
  taking,
  onTake,
}: {
  calendar: Calendar;
  day: Day;
  slots: readonly Slot[] | undefined;
  own: string | undefined;
  taking: string | null;
  onTake(slot: Slot): void;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const heading = useRef<HTMLHeadingElement>(null);
  const focused = useRef<string | null>(null);
  const isGone =
    focused.current !== null &&
    slots !== undefined &&
    !slots.some(({ startsAt }) => startsAt === focused.current);
  useLayoutEffect(() => {
    if (!isGone) return;
    focused.current = null;
    heading.current?.focus();
  }, [isGone]);
  const zones = slots?.[0] && ownClock(calendar.timezone, slots[0].startsAt, language);

  return (
    <section aria-labelledby="times">
      <h2 id="times" ref={heading} tabIndex={-1}>
        {dayText(day, language)}
      </h2>
      <p class="soft" role="status">
        {slots ? say("times_free", { count: slots.length }) : say("loading_times")}
      </p>
      {zones && <p class="soft">{say("clinic_clocks", { zone: calendar.timezone })}</p>}
      <ul class="times">
        {slots?.map((slot) => (
          <li key={slot.startsAt}>
            <SlotButton
              slot={slot}
              calendar={calendar}
              isOwn={slot.startsAt === own}
              isBusy={taking === slot.startsAt}
              onFocus={() => {
                focused.current = slot.startsAt;
              }}
              onBlur={() => {
                // A button that is taken away is not left.
                if (document.activeElement !== document.body) focused.current = null;
              }}
              onTake={() => onTake(slot)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A time to press: the clinic's clock, what the visitor's own shows where it is another, and how many seats are left in a group. */
export function SlotButton({
  slot,
  calendar,
  isOwn = false,
  isBusy,
  children,
  onTake,
  ...rest
}: {
  slot: Slot;
  calendar: Calendar;
  isOwn?: boolean;
  isBusy: boolean;
  /** What stands before the clock, such as the day. */
  children?: ComponentChildren;
  onTake(): void;
  onFocus?: () => void;
  onBlur?: () => void;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const mine = ownClock(calendar.timezone, slot.startsAt, language);
  return (
    <button type="button" aria-pressed={isOwn} aria-disabled={isBusy} onClick={onTake} {...rest}>
      {children && <>{children}, </>}
      <b>{clockOf(slot)}</b>
      {mine && <small> {say("your_clock", { time: mine })}</small>}
      {calendar.capacity > 1 && slot.seatsLeft !== null && (
        <small> {say("seats_left", { count: slot.seatsLeft })}</small>
      )}
      {isOwn && <small> {say("kept_for_you")}</small>}
    </button>
  );
}
