import { useContext, useState } from "preact/hooks";
import type { Clinic } from "../../client/generated/http.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import type { Answers } from "../forms/content.ts";
import { Form } from "../forms/form.tsx";
import { valueAt } from "../forms/value_at.ts";
import { inWords } from "../forms/words.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { Chosen } from "./chosen.tsx";
import type { Door } from "./door.ts";
import type { Calendar, Flow } from "./flow.ts";
import { Held } from "./held.tsx";
import { LostTime } from "./lost_time.tsx";
import { bookingItems, formOf, missingIn, problemOf } from "./person.ts";
import type { Slot } from "./use_times.ts";

const form = formOf(bookingItems);

/** Who comes. What was typed stays through everything: a lost time, a lost network, going back, loading the page again. */
export function Details({
  door,
  clinic,
  calendar,
  specialist,
  flow,
  onTyped,
  onExtend,
  onTake,
  onBook,
  onBack,
}: {
  door: Door;
  clinic: Clinic;
  calendar: Calendar;
  specialist: string | undefined;
  flow: Flow;
  onTyped(typed: Answers): void;
  onExtend(): Promise<boolean>;
  onTake(slot: Slot): Promise<void>;
  /** Asks for the time; that it is lost is no failure. */
  onBook(typed: Answers): Promise<void>;
  onBack(): void;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [complaint, setComplaint] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const complain = (wrong: ReadonlyMap<string, string>) => {
    setProblems(wrong);
    setComplaint((count) => count + 1);
  };
  const change = (next: Answers) => {
    const left = [...problems].filter(([path]) => valueAt(flow.typed, path) === valueAt(next, path));
    if (left.length < problems.size) setProblems(new Map(left));
    onTyped(next);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isAsking) return;
    setFailure(null);
    const missing = missingIn(bookingItems, flow.typed);
    if (missing.length > 0) return complain(inWords(missing, language));
    setAsking(true);
    try {
      await onBook(flow.typed);
    } catch (error) {
      const wrong = problemOf(error, bookingItems);
      if (wrong) complain(wrong);
      else setFailure(failureOf(error, say("offline_kept")));
    } finally {
      setAsking(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <StepHeading>{say("details_title")}</StepHeading>
      <Chosen
        clinic={clinic}
        calendar={calendar}
        specialist={flow.hold?.specialistId ?? specialist ?? null}
        time={flow.hold}
      />
      {flow.lost && (
        <LostTime door={door} calendar={calendar} specialist={specialist} lost={flow.lost} onTake={onTake}>
          <p>{say("typed_stays")}</p>
        </LostTime>
      )}
      {flow.hold && <Held door={door} hold={flow.hold} onExtend={onExtend} />}
      <Form
        content={form}
        answers={flow.typed}
        problems={problems}
        complaint={complaint}
        onAnswers={change}
      />
      <p class="soft">{say("what_follows")}</p>
      <FailureNotice failure={failure} />
      <p class="actions">
        <button type="submit" class="main" aria-disabled={isAsking || !flow.hold}>
          {say(isAsking ? "booking" : "book")}
        </button>
        <button type="button" onClick={onBack}>
          {say("another_time")}
        </button>
      </p>
    </form>
  );
}
