import { useContext } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { addMonths, type Day, daysIn, dayText, type Month, monthText, weekdays } from "./times.ts";

/** A month of days: those with free times are radio buttons, so that arrows move between them and one Tab leaves them. */
export function Days({
  month,
  days,
  day,
  first,
  onMonth,
  onDay,
}: {
  month: Month;
  /** Undefined while they are asked for. */
  days: readonly Day[] | undefined;
  day: Day | null;
  /** The month that it is now: there is nothing before it. */
  first: Month;
  onMonth(month: Month): void;
  onDay(day: Day): void;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const { blank, days: all } = daysIn(month);
  return (
    <fieldset class="field month" aria-busy={!days}>
      <legend>{say("choose_day")}</legend>
      <div class="months">
        <button
          type="button"
          aria-label={say("month_before")}
          aria-disabled={month <= first}
          onClick={() => month > first && onMonth(addMonths(month, -1))}
        >
          <span aria-hidden="true">‹</span>
        </button>
        <p aria-live="polite">{monthText(month, language)}</p>
        <button type="button" aria-label={say("month_after")} onClick={() => onMonth(addMonths(month, 1))}>
          <span aria-hidden="true">›</span>
        </button>
      </div>
      <div class="days">
        {weekdays(language).map((name) => (
          <span key={name} class="soft" aria-hidden="true">
            {name}
          </span>
        ))}
        {Array.from({ length: blank }, (_, index) => (
          <span key={index} aria-hidden="true" />
        ))}
        {all.map((one) =>
          days?.includes(one) ? (
            <label key={one}>
              <input
                type="radio"
                name="day"
                aria-label={dayText(one, language)}
                checked={one === day}
                onChange={() => onDay(one)}
              />
              {Number(one.slice(8))}
            </label>
          ) : (
            <span key={one} class="off" aria-hidden="true">
              {Number(one.slice(8))}
            </span>
          ),
        )}
      </div>
      <p class="soft" role="status">
        {days ? say("days_free", { count: days.length }) : say("loading_times")}
      </p>
    </fieldset>
  );
}
