import { before } from "../before.ts";
import { bookNext, type Desk, deskCount, during, openDesks } from "../desks.ts";
import { asCaller, type Bench, median, type Row } from "../row.ts";

/**
 * APT-01, APT-06. What groups, rooms, booking policies, plans and the one gate cost whoever needs none of them: the bookings of the
 * row before, beside those of the same clinics in a database as it was without them, in turns.
 */
export default {
  claim: `bookings of ${deskCount} front desks, beside those before the gate`,
  unit: "/s",
  goal: { ratioAtLeast: 0.77 },
  async measure(bench) {
    if (bench.short) return { skipped: "a second database takes longer than all of the short form" };
    const { then, close } = await before(bench);
    try {
      const [ours, theirs] = [await desksOf(bench), await desksOf(then)];
      const now: number[] = [];
      const once: number[] = [];
      for (let round = -1; round < 7; round++) {
        const rates = [await ours(), await theirs()] as const;
        if (round < 0) continue; // plans of every connection
        now.push(rates[0]);
        once.push(rates[1]);
      }
      return {
        measured: median(now),
        against: { what: "the same before groups, rooms, policies and the gate", value: median(once) },
      };
    } finally {
      await close();
    }
  },
} satisfies Row;

/** How many are booked in a second, of a round of some. */
async function desksOf(bench: Bench): Promise<() => Promise<number>> {
  const { desks, starts } = await openDesks(bench, "beside");
  // Of the specialists whose times the row before has not booked.
  for (const desk of desks) desk.specialistIds.reverse();
  const book = (desk: Desk) =>
    asCaller(desk.client, { principalId: desk.id }, () => bookNext(desk, starts), "commit");
  await book(desks[0] as Desk); // the queue gets to know its tasks
  return () => during(desks, 1_500, book);
}
