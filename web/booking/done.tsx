import { useContext } from "preact/hooks";
import type { Booking, Clinic } from "../../client/generated/http.ts";
import { locales } from "../components/language.ts";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { Moment } from "./chosen.tsx";
import { isEmbedded } from "./embedded.ts";

/** That the clinic was asked: what happens next, and the way back to the booking. */
export function Done({ clinic, booked, onAgain }: { clinic: Clinic; booked: Booking; onAgain(): void }) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const moment = (instant: string): string =>
    new Intl.DateTimeFormat(locales[language], {
      dateStyle: "long",
      timeStyle: "short",
      timeZone: booked.timezone,
    }).format(new Date(instant));
  return (
    <>
      <StepHeading>{say("done_title")}</StepHeading>
      <dl class="facts">
        <dt>{say("service")}</dt>
        <dd>{booked.serviceName}</dd>
        {booked.specialistName && (
          <>
            <dt>{say("specialist")}</dt>
            <dd>{booked.specialistName}</dd>
          </>
        )}
        <dt>{say("when")}</dt>
        <dd>
          <Moment zone={booked.timezone} startsAt={booked.startsAt} endsAt={booked.endsAt} />
        </dd>
      </dl>
      <h2>{say("next_title")}</h2>
      <p>
        {booked.respondBy
          ? say("next_answer_by", { clinic: clinic.name, moment: moment(booked.respondBy) })
          : say("next_answer", { clinic: clinic.name })}
      </p>
      <p>{say("next_mail")}</p>
      <p>
        <a
          class="button main"
          href={`/booking#${booked.token}`}
          {...(isEmbedded ? { target: "_blank", rel: "noopener" } : {})}
        >
          {say("manage")}
        </a>
      </p>
      <p class="soft">{say("manage_words")}</p>
      <ClinicContact clinic={clinic} />
      <button type="button" class="plain" onClick={onAgain}>
        {say("book_another")}
      </button>
    </>
  );
}

type Contact = { contactPhone: string | null; contactEmail: string | null };

/** How to reach the clinic, as far as it says so. */
export function ClinicContact({ clinic }: { clinic: Contact }) {
  const say = useTexts(bookingTexts);
  if (!clinic.contactPhone && !clinic.contactEmail) return null;
  return (
    <section aria-label={say("contact")}>
      <h2>{say("contact")}</h2>
      <ul class="places">
        {clinic.contactPhone && (
          <li>
            <a href={`tel:${clinic.contactPhone}`}>{clinic.contactPhone}</a>
          </li>
        )}
        {clinic.contactEmail && (
          <li>
            <a href={`mailto:${clinic.contactEmail}`}>{clinic.contactEmail}</a>
          </li>
        )}
      </ul>
    </section>
  );
}
