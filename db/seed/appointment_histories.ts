import type { Booking } from "./bookings.ts";
import type { Random } from "./random.ts";

export type Move = { to: string; at: Date; by: string | null };
/** What has become of an appointment since it was booked. */
export type History = { bookedAt: Date; bookedBy: string; moves: Move[]; reason: string | null };

/** Who may have moved an appointment. */
export type Actors = { frontDesk: string; specialist: string; patient: string | null };

const hour = 60 * 60_000;
const day = 24 * hour;

const reasons = [
  "Pacientul nu mai poate ajunge.",
  "Răceală; sună pentru reprogramare.",
  "Program suprapus la serviciu.",
  "Pacientul pleacă din oraș.",
];

/** Makes up what has become of a booking by now: when it was booked, and the moves since, all of which its state machine allows. */
export function historyOf(booking: Booking, now: Date, actors: Actors, random: Random): History {
  const start = booking.startsAt.getTime();
  const present = now.getTime();
  const bookedAt = Math.min(
    start - random.whole(1, 15) * day + random.between(-3, 3) * hour,
    present - random.between(0.5, 60) * hour,
  );
  const dayBefore = Math.max(start - day, bookedAt + 60_000);
  const near = dayBefore <= present;
  const move = (to: string, at: number, by: string | null): Move => ({ to, at: new Date(at), by });
  const bookedBy = actors.patient !== null && random.chance(0.5) ? actors.patient : actors.frontDesk;
  const history = (moves: Move[], reason: string | null = null): History => ({
    bookedAt: new Date(bookedAt),
    bookedBy,
    moves,
    reason,
  });

  if (random.chance(start < present ? 0.08 : 0.05)) {
    const at = random.between(bookedAt, Math.min(dayBefore, present));
    const by = actors.patient !== null && random.chance(0.5) ? actors.patient : actors.frontDesk;
    return history([move("cancelled", at, by)], random.pick(reasons));
  }

  const moves: Move[] = [];
  const confirmedAt = random.between(bookedAt, Math.min(start - hour / 2, present));
  const confirms = random.chance(0.55);
  if (near && !(confirms && confirmedAt < dayBefore)) moves.push(move("upcoming", dayBefore, null));
  if (confirms)
    moves.push(
      move(
        "confirmed",
        Math.max(confirmedAt, moves[0]?.at.getTime() ?? 0),
        actors.patient ?? actors.frontDesk,
      ),
    );
  if (present < start) return history(moves);

  if (random.chance(0.06))
    return history([...moves, move("noshow", Math.min(start + hour / 3, present), actors.frontDesk)]);
  moves.push(move("inprogress", Math.min(start + random.between(0, 6) * 60_000, present), actors.specialist));
  const end = booking.endsAt.getTime();
  if (end <= present) moves.push(move("done", end, actors.specialist));
  return history(moves);
}
