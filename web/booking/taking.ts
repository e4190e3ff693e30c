import type { Clinic, Hold } from "../../client/generated/http.ts";
import type { UUID } from "../../client/scalars.ts";
import { nameOf } from "../components/kept.ts";
import type { Answers, Content } from "../forms/content.ts";
import { type Door, isHoldOver, lostBy } from "./door.ts";
import { type Act, askedSpecialist, type Calendar, calendarOf, type Flow } from "./flow.ts";
import { bookingItems } from "./person.ts";
import { dayOf, localIn } from "./times.ts";
import type { Slot } from "./use_times.ts";

/** A time that is kept, as the list of free times would show it. */
export function ownSlot(hold: Hold, { timezone }: Calendar): Slot {
  const { startsAt, endsAt } = hold;
  const none = { specialistIds: [], specialistEndsAt: null, seatsLeft: null };
  return { startsAt, endsAt, ...localIn(timezone, startsAt), ...none };
}

/** How a time is held, kept longer and booked. What ends in another time being needed is told as `lost`; anything else is thrown. */
export function createTaking({
  door,
  clinic,
  now,
  act,
}: {
  door: Door;
  clinic: Clinic;
  now(): Flow;
  act(what: Act): void;
}) {
  const asked = () => {
    const calendar = calendarOf(clinic, now()) as Calendar;
    const specialist = askedSpecialist(calendar, now().specialist);
    return { calendar, ...(specialist ? { specialist: specialist as UUID } : {}) };
  };
  const giveBack = (hold: Hold | null): void => {
    // Where it cannot be given back, it ends by itself.
    if (hold) door.releaseHold({ token: hold.token }).catch(() => {});
  };
  const held = (hold: Hold, goesOn = false): void => {
    const calendar = clinic.calendars.find(({ id }) => id === hold.calendarId);
    act({
      type: "held",
      hold,
      day: calendar ? dayOf(localIn(calendar.timezone, hold.startsAt)) : null,
      goesOn,
    });
  };
  const hold = (startsAt: Slot["startsAt"]): Promise<Hold> => {
    const { calendar, ...who } = asked();
    return door.holdSlot({ calendar: calendar.id, startsAt, ...who });
  };
  /** A refusal of a time is where the page goes on from; `left` is what is kept all the same. */
  const orLost = (startsAt: string, left: Hold | null) => (error: unknown) => {
    const lost = lostBy(error, startsAt);
    if (!lost) throw error;
    act({ type: "lost", lost, hold: left });
  };

  return {
    choose(id: string): void {
      if (id !== now().calendarId) giveBack(now().hold);
      act({ type: "calendar", id });
    },
    /** Takes a time, in one step with leaving the one that was kept. */
    async take({ startsAt }: Pick<Slot, "startsAt">): Promise<void> {
      const own = now().hold;
      const { calendar, ...who } = asked();
      const taken = own
        ? door.moveHold({ token: own.token, startsAt, ...who }).catch((error: unknown) => {
            if (!isHoldOver(error)) throw error;
            return hold(startsAt);
          })
        : hold(startsAt);
      await taken.then((hold) => held(hold, true), orLost(startsAt, own));
    },
    /** The time that the waitlist offered, kept for whoever was offered it: the way begins with it. */
    async takeOffer(token: string): Promise<void> {
      const taken = await door.takeOffer({ token });
      if (now().hold?.startsAt !== taken.startsAt) giveBack(now().hold);
      held(taken, true);
    },
    /** Keeps the time longer; anew where it was kept no longer. False at the longest that the clinic lets one. */
    async extend(): Promise<boolean> {
      const own = now().hold as Hold;
      try {
        const longer = await door.extendHold({ token: own.token });
        held(longer);
        return Date.parse(longer.expiresAt) > Date.parse(own.expiresAt) + 1_000;
      } catch (error) {
        if (!isHoldOver(error)) throw error;
        await hold(own.startsAt).then((hold) => held(hold), orLost(own.startsAt, null));
        return true;
      }
    },
    /** Somebody may have taken a time that is kept no longer: asking for it says so, or has it again. */
    async holdAgain(): Promise<void> {
      const own = now().hold;
      if (own) await hold(own.startsAt).then((hold) => held(hold), orLost(own.startsAt, null));
    },
    async book(typed: Answers): Promise<void> {
      const own = now().hold;
      if (!own) return;
      const send = async ({ token }: Hold) => {
        const given = { holdToken: token, ...trimmed(bookingItems, typed), locale: door.language() };
        // The same words about the same time are the same request, however often it is sent: an answer may be lost on its way.
        const idempotencyKey = await nameOf("booking", JSON.stringify(given));
        act({ type: "booked", booked: await door.requestBooking(given as never, { idempotencyKey }) });
      };
      try {
        await send(own).catch(async (error: unknown) => {
          if (!isHoldOver(error)) throw error;
          const again = await hold(own.startsAt);
          held(again);
          await send(again);
        });
      } catch (error) {
        orLost(own.startsAt, null)(error);
      }
    },
  };
}

/** What was typed into these fields, without what is empty. */
export function trimmed(items: Content["items"], typed: Answers): Record<string, string> {
  const said = items.map(({ key }) => [key, String(typed[key] ?? "").trim()]);
  return Object.fromEntries(said.filter(([, value]) => value !== ""));
}
