import type { Booking, Clinic, Hold } from "../../client/generated/http.ts";
import type { Language } from "../components/language.ts";
import type { Answers } from "../forms/content.ts";
import type { Day } from "./times.ts";

export type Calendar = Clinic["calendars"][number];
/** Where a visitor stands on the way to a booking. */
export type Stage = "service" | "specialist" | "when" | "details" | "done" | "waitlist";
/** What the page keeps in its tab: the way so far, the language that was chosen, and who the visitor is to the API. */
export type Draft = Omit<Flow, "stage"> & { language: Language; visitor: string };
/** A time that the visitor had chosen and no longer has, with what the API said about it. */
export type Lost = { startsAt: string; message: string; code: string };

/** What is known so far. All but the stage is kept in the tab, so that loading the page again goes on from there. */
export type Flow = {
  stage: Stage;
  calendarId: string | null;
  /** A specialist, "any", or null while nobody said. */
  specialist: string | null;
  day: Day | null;
  hold: Hold | null;
  lost: Lost | null;
  /** What was typed, by field. */
  typed: Answers;
  booked: Booking | null;
};

export type Act =
  | { type: "go"; stage: Stage }
  | { type: "calendar"; id: string }
  | { type: "specialist"; who: string }
  | { type: "day"; day: Day | null }
  | { type: "held"; hold: Hold; day: Day | null; goesOn: boolean }
  | { type: "lost"; lost: Lost; hold: Hold | null }
  | { type: "typed"; typed: Answers }
  | { type: "booked"; booked: Booking }
  | { type: "again" };

export const beginning: Flow = {
  stage: "service",
  calendarId: null,
  specialist: null,
  day: null,
  hold: null,
  lost: null,
  typed: {},
  booked: null,
};

export const calendarOf = (clinic: Clinic, flow: Pick<Flow, "calendarId">): Calendar | undefined =>
  clinic.calendars.find(({ id }) => id === flow.calendarId);

/** Whom there is to choose from: nobody where the clinic assigns, or where there is but one. */
export function choiceOf(calendar: Calendar): Calendar["specialists"] {
  return calendar.assignmentStrategy === "specific" && calendar.specialists.length > 1
    ? calendar.specialists
    : [];
}

/** What the API is asked with: the specialist whom the visitor chose, or the only one there is. */
export function askedSpecialist(calendar: Calendar, chosen: string | null): string | undefined {
  if (calendar.assignmentStrategy !== "specific") return undefined;
  if (calendar.specialists.length === 1) return calendar.specialists[0]?.id;
  return calendar.specialists.find(({ id }) => id === chosen)?.id;
}

/** The one calendar of a clinic that has no other is nobody's choice. */
function begun(clinic: Clinic, flow: Flow): Flow {
  const [only, ...others] = clinic.calendars;
  if (!only || others.length > 0) return flow;
  return { ...flow, calendarId: only.id };
}

/** The stage that somebody may stand at who wants to stand at `wanted`: the first before it that lacks an answer. */
function reachable(clinic: Clinic, flow: Flow, wanted: Stage): Stage {
  if (flow.booked) return "done";
  const calendar = calendarOf(clinic, flow);
  if (wanted === "service")
    return clinic.calendars.length === 1 && calendar ? reachable(clinic, flow, "specialist") : wanted;
  if (!calendar) return "service";
  const chooses = choiceOf(calendar).length > 0;
  if (wanted === "specialist") return chooses ? wanted : "when";
  const isChosen =
    flow.specialist === "any" ? calendar.allowsAnySpecialist : askedSpecialist(calendar, flow.specialist);
  if (chooses && !isChosen) return "specialist";
  if (wanted === "waitlist") return wanted;
  return wanted !== "when" && (flow.hold || flow.lost) ? "details" : "when";
}

/** What was kept, of a clinic whose catalog may have changed since. */
export function resumed(clinic: Clinic, kept: Partial<Flow>, wanted: Stage): Flow {
  const flow = begun(clinic, { ...beginning, ...kept });
  const known = calendarOf(clinic, flow)
    ? flow
    : { ...flow, calendarId: null, specialist: null, hold: null, lost: null };
  return { ...known, stage: reachable(clinic, known, wanted) };
}

/** The next state. What is held is given back by whoever acts: here it is only forgotten. */
export function step(clinic: Clinic, flow: Flow, act: Act): Flow {
  switch (act.type) {
    case "go":
      // Whoever goes on with the time that is still kept has lost nothing.
      return { ...flow, lost: flow.hold ? null : flow.lost, stage: reachable(clinic, flow, act.stage) };
    case "calendar": {
      const isSame = act.id === flow.calendarId;
      const next = isSame
        ? flow
        : { ...flow, calendarId: act.id, specialist: null, day: null, hold: null, lost: null };
      return { ...next, stage: reachable(clinic, next, "specialist") };
    }
    case "specialist": {
      const next =
        act.who === flow.specialist ? flow : { ...flow, specialist: act.who, day: null, lost: null };
      return { ...next, stage: reachable(clinic, next, "when") };
    }
    case "day":
      return { ...flow, day: act.day };
    case "held":
      return {
        ...flow,
        calendarId: act.hold.calendarId,
        // An offer names no choice of its own: whom it keeps the time with is the choice.
        specialist: flow.specialist ?? act.hold.specialistId,
        hold: act.hold,
        day: act.day ?? flow.day,
        lost: null,
        booked: null,
        stage: act.goesOn ? "details" : flow.stage,
      };
    case "lost":
      return { ...flow, hold: act.hold, lost: act.lost };
    case "typed":
      return { ...flow, typed: act.typed };
    case "booked":
      // What was typed is the clinic's now, and the next person before this screen has no business with it.
      return { ...flow, booked: act.booked, hold: null, lost: null, typed: {}, stage: "done" };
    case "again": {
      const next = begun(clinic, beginning);
      return { ...next, stage: reachable(clinic, next, "service") };
    }
  }
}
