import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Clinic } from "../../client/generated/http.ts";
import { refusalOf } from "../../client/refused.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import type { Kept } from "../components/kept.ts";
import { type Language, likedLanguage } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { PageFrame, StepHeading, Waiting } from "../components/page.tsx";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";
import type { Draft } from "./flow.ts";
import { Steps } from "./steps.tsx";

/** From a clinic's name to a booking. The language is the one that was asked for, the visitor's own, or the clinic's. */
export function BookingPage({
  door,
  slug,
  asked,
  offer,
  kept,
}: {
  door: Door;
  slug: string;
  asked: Language | undefined;
  /** The token of a time that the clinic offered. */
  offer: string | null;
  kept: Kept<Draft>;
}) {
  const chosen = asked ?? kept.read().language ?? likedLanguage();
  const [language, setLanguage] = useState<Language>(chosen ?? "ro");
  const say = useMemo(() => bookingTexts(language), [language]);
  const [clinic, setClinic] = useState<Clinic | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isUnknown, setUnknown] = useState(false);
  const speaking = useRef(language);
  speaking.current = language;
  door.speak(language);

  const begin = async () => {
    setFailure(null);
    try {
      const found = await door.getClinic({ slug });
      if (!chosen) setLanguage(found.locale);
      setClinic(found);
    } catch (error) {
      setUnknown(refusalOf(error, "NOT_FOUND") !== null);
      setFailure(failureOf(error, bookingTexts(speaking.current)("offline")));
    }
  };
  useEffect(() => void begin(), [door, slug]);

  return (
    <PageFrame
      name={clinic?.name ?? ""}
      title={say("title")}
      language={language}
      onLanguage={(next) => {
        kept.write({ language: next });
        setLanguage(next);
      }}
    >
      {clinic ? (
        <Steps door={door} clinic={clinic} offer={offer} kept={kept} />
      ) : failure ? (
        <>
          <StepHeading>{say(isUnknown ? "no_clinic" : "failed")}</StepHeading>
          {isUnknown && <p>{say("no_clinic_words")}</p>}
          <FailureNotice failure={failure} />
          {!isUnknown && (
            <button type="button" class="main" onClick={() => void begin()}>
              {say("again")}
            </button>
          )}
        </>
      ) : (
        <Waiting>{say("loading")}</Waiting>
      )}
    </PageFrame>
  );
}
