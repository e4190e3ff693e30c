import { useContext, useMemo, useState } from "preact/hooks";
import type { WaitlistRequest } from "../../client/generated/http.ts";
import type { UUID } from "../../client/scalars.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { nameOf } from "../components/kept.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import type { Answers, Content } from "../forms/content.ts";
import { Form } from "../forms/form.tsx";
import { valueAt } from "../forms/value_at.ts";
import { inWords } from "../forms/words.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import type { Door } from "./door.ts";
import type { Calendar } from "./flow.ts";
import { LeaveWaitlist } from "./leave_waitlist.tsx";
import { formOf, inBoth, missingIn, personItems, problemOf } from "./person.ts";
import { trimmed } from "./taking.ts";
import { dayOf, dayTextOfWeek, localIn } from "./times.ts";

/** Parts of a day, as the API is told them; those without bounds are any time. */
const parts = {
  any: {},
  morning: { latest: "12:00" },
  afternoon: { earliest: "12:00", latest: "17:00" },
  evening: { earliest: "17:00" },
} as const;
const weekdays = ["1", "2", "3", "4", "5", "6", "7"];

/** When one could come, and who one is. The API says what does not fit. */
function itemsFrom(today: string): Content["items"] {
  return [
    { key: "from", type: "date", label: inBoth("wait_from"), required: true, min: today },
    { key: "to", type: "date", label: inBoth("wait_to"), required: true, min: today },
    {
      key: "weekdays",
      type: "choices",
      label: inBoth("wait_weekdays"),
      help: inBoth("wait_weekdays_help"),
      options: weekdays.map((value) => ({
        value,
        label: { ro: dayTextOfWeek(Number(value), "ro"), en: dayTextOfWeek(Number(value), "en") },
      })),
    },
    {
      key: "part",
      type: "choice",
      label: inBoth("wait_part"),
      options: [
        { value: "any", label: inBoth("part_any") },
        { value: "morning", label: inBoth("part_morning") },
        { value: "afternoon", label: inBoth("part_afternoon") },
        { value: "evening", label: inBoth("part_evening") },
      ],
    },
    ...personItems,
  ];
}

/** Waits for a time that becomes free: the first in line is offered it, kept for them, by a link in a message. */
export function Waitlist({
  door,
  calendar,
  specialist,
  typed,
  onTyped,
  onBack,
}: {
  door: Door;
  calendar: Calendar;
  specialist: string | undefined;
  typed: Answers;
  onTyped(typed: Answers): void;
  onBack(): void;
}) {
  const say = useTexts(bookingTexts);
  const language = useContext(LanguageContext);
  const items = useMemo(
    () => itemsFrom(dayOf(localIn(calendar.timezone, new Date(door.now()).toISOString()))),
    [calendar.timezone],
  );
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [complaint, setComplaint] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [joined, setJoined] = useState<{ token: string | null } | null>(null);
  const [hasLeft, setLeft] = useState(false);

  const complain = (wrong: ReadonlyMap<string, string>) => {
    setProblems(wrong);
    setComplaint((count) => count + 1);
  };
  const once = async (work: () => Promise<void>) => {
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      const wrong = problemOf(error, items);
      if (wrong) complain(wrong);
      else setFailure(failureOf(error, say("offline_kept")));
    } finally {
      setAsking(false);
    }
  };
  const join = async () => {
    const { from, to, part, weekdays: _, ...person } = trimmed(items, typed);
    const chosen = (typed.weekdays as string[] | undefined) ?? [];
    const given = {
      calendar: calendar.id,
      ...(specialist ? { specialist: specialist as UUID } : {}),
      from,
      to,
      ...(chosen.length > 0 ? { weekdays: chosen.map(Number) } : {}),
      ...parts[(part ?? "any") as keyof typeof parts],
      ...person,
      locale: language,
    } as WaitlistRequest;
    const { token } = await door.joinWaitlist(given, {
      idempotencyKey: await nameOf("waitlist", JSON.stringify(given)),
    });
    setJoined({ token });
  };

  if (joined)
    return (
      <>
        <StepHeading key={hasLeft ? "left" : "joined"}>
          {say(hasLeft ? "wait_left" : "wait_joined")}
        </StepHeading>
        {!hasLeft && (
          <>
            <p>{say("wait_joined_words")}</p>
            {joined.token && <LeaveWaitlist door={door} token={joined.token} onLeft={() => setLeft(true)} />}
          </>
        )}
        <button type="button" class="plain" onClick={onBack}>
          {say("to_times")}
        </button>
      </>
    );
  return (
    <form
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        const missing = missingIn(items, typed);
        if (missing.length > 0) complain(inWords(missing, language));
        else void once(join);
      }}
    >
      <StepHeading>{say("wait_title")}</StepHeading>
      <p>{say("wait_words")}</p>
      <Form
        content={formOf(items)}
        answers={typed}
        problems={problems}
        complaint={complaint}
        onAnswers={(next) => {
          setProblems(
            new Map([...problems].filter(([path]) => valueAt(typed, path) === valueAt(next, path))),
          );
          onTyped(next);
        }}
      />
      <FailureNotice failure={failure} />
      <p class="actions">
        <button type="submit" class="main" aria-disabled={isAsking}>
          {say(isAsking ? "booking" : "wait_join")}
        </button>
        <button type="button" onClick={onBack}>
          {say("to_times")}
        </button>
      </p>
    </form>
  );
}
