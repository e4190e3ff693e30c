import { useEffect, useRef, useState } from "preact/hooks";
import type { Clinic, Hold } from "../../client/generated/http.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import type { Kept } from "../components/kept.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { bookingTexts } from "../texts/booking/index.ts";
import { ChooseService, ChooseSpecialist } from "./choices.tsx";
import { Chosen } from "./chosen.tsx";
import { Details } from "./details.tsx";
import { ClinicContact, Done } from "./done.tsx";
import type { Door } from "./door.ts";
import {
  type Act,
  askedSpecialist,
  calendarOf,
  type Draft,
  type Flow,
  resumed,
  type Stage,
  step,
} from "./flow.ts";
import { LeaveWaitlist } from "./leave_waitlist.tsx";
import { LostTime } from "./lost_time.tsx";
import { useStillFree } from "./still_free.ts";
import { createTaking, ownSlot } from "./taking.ts";
import { Waitlist } from "./waitlist.tsx";
import { When } from "./when.tsx";

/**
 * The steps of a booking. Each is a place in the browser's history, so that its back button goes one back; what was chosen and
 * typed is kept in the tab with every change.
 */
export function Steps({
  door,
  clinic,
  offer,
  kept,
}: {
  door: Door;
  clinic: Clinic;
  offer: string | null;
  kept: Kept<Draft>;
}) {
  const say = useTexts(bookingTexts);
  const [flow, setFlow] = useState<Flow>(() => resumed(clinic, kept.read(), stageInHistory()));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [hasLeft, setLeft] = useState(false);
  const latest = useRef(flow);
  latest.current = flow;

  const show = (next: Flow) => {
    latest.current = next;
    const { stage: _, ...draft } = next;
    kept.write(draft);
    setFailure(null);
    setFlow(next);
  };
  const act = (what: Act) => {
    const next = step(clinic, latest.current, what);
    if (next.stage !== latest.current.stage) history.pushState({ stage: next.stage }, "");
    show(next);
  };
  const isKept = (hold: Hold) => Date.parse(hold.expiresAt) > door.now();
  const calendar = calendarOf(clinic, flow);
  const specialist = calendar && askedSpecialist(calendar, flow.specialist);
  const taking = createTaking({ door, clinic, now: () => latest.current, act });
  // What the API refuses is told as a lost time; what failed on the way is tried again with the next change, and by booking.
  useStillFree(door, flow.hold, specialist, () => void taking.holdAgain().catch(() => {}));
  useEffect(() => {
    // The token of an offer leaves the address: what it opens is a hold of this tab from here on.
    history.replaceState({ stage: flow.stage }, "", location.pathname + location.search);
    if (offer)
      taking.takeOffer(offer).catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
    const back = () => show(step(clinic, latest.current, { type: "go", stage: stageInHistory() }));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  const take = async (...given: Parameters<typeof taking.take>) => {
    setFailure(null);
    await taking.take(...given).catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  };

  if (hasLeft)
    return (
      <>
        <StepHeading>{say("wait_left")}</StepHeading>
        <button type="button" class="plain" onClick={() => setLeft(false)}>
          {say("to_times")}
        </button>
      </>
    );
  if (flow.stage === "done" && flow.booked)
    return <Done clinic={clinic} booked={flow.booked} onAgain={() => act({ type: "again" })} />;
  if (flow.stage === "service" || !calendar)
    return (
      <>
        <FailureNotice failure={failure} />
        <ChooseService clinic={clinic} onChoose={taking.choose} />
        <ClinicContact clinic={clinic} />
      </>
    );
  if (flow.stage === "specialist")
    return <ChooseSpecialist calendar={calendar} onChoose={(who) => act({ type: "specialist", who })} />;
  if (flow.stage === "waitlist")
    return (
      <Waitlist
        door={door}
        calendar={calendar}
        specialist={specialist}
        typed={flow.typed}
        onTyped={(typed) => act({ type: "typed", typed })}
        onBack={() => act({ type: "go", stage: "when" })}
      />
    );
  if (flow.stage === "details")
    return (
      <>
        <Details
          door={door}
          clinic={clinic}
          calendar={calendar}
          specialist={specialist}
          flow={flow}
          onTyped={(typed) => act({ type: "typed", typed })}
          onExtend={taking.extend}
          onTake={take}
          onBook={taking.book}
          onBack={() => act({ type: "go", stage: "when" })}
        />
        {offer && (
          <LeaveWaitlist
            door={door}
            token={offer}
            onLeft={() => {
              act({ type: "again" });
              setLeft(true);
            }}
          />
        )}
      </>
    );
  return (
    <When
      key={`${calendar.id} ${specialist}`}
      door={door}
      calendar={calendar}
      specialist={specialist}
      day={flow.day}
      own={flow.hold && isKept(flow.hold) ? ownSlot(flow.hold, calendar) : null}
      title={say("when_title")}
      onDay={(day) => act({ type: "day", day })}
      onTake={take}
      onNone={() => act({ type: "go", stage: "waitlist" })}
    >
      <Chosen clinic={clinic} calendar={calendar} specialist={specialist ?? null} time={null} />
      {flow.lost && (
        <LostTime door={door} calendar={calendar} specialist={specialist} lost={flow.lost} onTake={take} />
      )}
      <FailureNotice failure={failure} />
    </When>
  );
}

function stageInHistory(): Stage {
  return (history.state as { stage?: Stage } | null)?.stage ?? "service";
}
