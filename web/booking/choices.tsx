import { useContext } from "preact/hooks";
import type { Clinic } from "../../client/generated/http.ts";
import { locales } from "../components/language.ts";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { type Calendar, choiceOf } from "./flow.ts";

type Named = { name: string; translations: { ro?: { name?: string }; en?: { name?: string } } };
/** A name in the language of the page, where the clinic wrote one. */
export const nameIn = ({ name, translations }: Named, language: "ro" | "en"): string =>
  translations[language]?.name ?? name;

export const fullName = ({ title, givenName, familyName }: Calendar["specialists"][number]): string =>
  [title, givenName, familyName].filter(Boolean).join(" ");

function priceText(amount: number, currency: string, language: "ro" | "en"): string {
  const format = new Intl.NumberFormat(locales[language], { style: "currency", currency });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  return format.format(amount / 10 ** maximumFractionDigits);
}

/** What a calendar is, in a line: how long, for how much, where, and whether in a group. */
export function Facts({ calendar }: { calendar: Calendar }) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const facts = [
    say("minutes", { count: calendar.durationMinutes }),
    calendar.priceAmount > 0 ? priceText(calendar.priceAmount, calendar.currency, language) : say("free"),
    say(`modality_${calendar.modality}`),
    calendar.capacity > 1 && say("group", { count: calendar.capacity }),
  ].filter(Boolean);
  return <span class="soft">{facts.join(" · ")}</span>;
}

/** What can be booked: each service with its calendars. */
export function ChooseService({ clinic, onChoose }: { clinic: Clinic; onChoose(id: string): void }) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const offered = clinic.services
    .map((service) => ({
      service,
      calendars: clinic.calendars.filter(({ serviceId }) => serviceId === service.id),
    }))
    .filter(({ calendars }) => calendars.length > 0);
  return (
    <>
      <StepHeading>{say("choose_service")}</StepHeading>
      {offered.length === 0 && <p class="notice">{say("nothing_to_book")}</p>}
      {offered.map(({ service, calendars }) => (
        <section key={service.id} class="offer">
          <h2>{nameIn(service, language)}</h2>
          {description(service) && <p class="lines">{description(service)}</p>}
          <ul class="choices">
            {calendars.map((calendar) => (
              <li key={calendar.id}>
                <button type="button" onClick={() => onChoose(calendar.id)}>
                  {nameIn(calendar, language)}
                  <Facts calendar={calendar} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );

  function description({ description, translations }: Clinic["services"][number]): string | null {
    return translations[language]?.description ?? description;
  }
}

/** With whom, where the visitor may say so. */
export function ChooseSpecialist({
  calendar,
  onChoose,
}: {
  calendar: Calendar;
  onChoose(who: string): void;
}) {
  const say = useTexts(bookingTexts);
  return (
    <>
      <StepHeading>{say("choose_specialist")}</StepHeading>
      <ul class="choices">
        {calendar.allowsAnySpecialist && (
          <li>
            <button type="button" onClick={() => onChoose("any")}>
              {say("any_specialist")}
              <span class="soft">{say("any_specialist_words")}</span>
            </button>
          </li>
        )}
        {choiceOf(calendar).map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => onChoose(one.id)}>
              {fullName(one)}
              <span class="soft">{one.specialties.join(", ")}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
