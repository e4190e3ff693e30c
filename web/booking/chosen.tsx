import { useContext } from "preact/hooks";
import type { Clinic } from "../../client/generated/http.ts";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { Facts, fullName, nameIn } from "./choices.tsx";
import type { Calendar } from "./flow.ts";
import { clockOf, dayOf, dayText, localIn, ownClock } from "./times.ts";

/** A time in words: the day and the clocks of the clinic, and the visitor's own where they show another time. */
export function Moment({ zone, startsAt, endsAt }: { zone: string; startsAt: string; endsAt: string }) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const [start, end] = [localIn(zone, startsAt), localIn(zone, endsAt)];
  const mine = ownClock(zone, startsAt, language);
  return (
    <>
      <b>
        {dayText(dayOf(start), language)}, {clockOf(start)}–{clockOf(end)}
      </b>
      {mine && (
        <span class="soft">
          {" "}
          {say("clinic_clocks", { zone })} {say("your_clock", { time: mine })}
        </span>
      )}
    </>
  );
}

/** What is about to be booked, above what is asked about the person. */
export function Chosen({
  clinic,
  calendar,
  specialist,
  time,
}: {
  clinic: Clinic;
  calendar: Calendar;
  specialist: string | null;
  time: { startsAt: string; endsAt: string } | null;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const service = clinic.services.find(({ id }) => id === calendar.serviceId);
  const who = calendar.specialists.find(({ id }) => id === specialist);
  return (
    <dl class="facts">
      <dt>{say("service")}</dt>
      <dd>
        {service ? nameIn(service, language) : nameIn(calendar, language)} <Facts calendar={calendar} />
      </dd>
      {who && (
        <>
          <dt>{say("specialist")}</dt>
          <dd>{fullName(who)}</dd>
        </>
      )}
      {time && (
        <>
          <dt>{say("when")}</dt>
          <dd>
            <Moment zone={calendar.timezone} {...time} />
          </dd>
        </>
      )}
    </dl>
  );
}
