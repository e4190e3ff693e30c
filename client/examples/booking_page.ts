import { type Booking, type Client, refusalOf, type UUID } from "../index.ts";

// A booking page for guests, over the HTTP paths alone.

export type Guest = { givenName: string; familyName: string; email: string; phone: string; message?: string };

/** Asks for the first free time from an instant on; null where there is none in a week. */
export async function requestFirstTime(
  page: Client,
  calendar: UUID,
  from: Date,
  guest: Guest,
): Promise<Booking | null> {
  const to = new Date(from.getTime() + 7 * 24 * 60 * 60_000);
  const { slots } = await page.http.getAvailability({ calendar, from, to });
  for (const { startsAt } of slots) {
    try {
      const { token } = await page.http.holdSlot({ calendar, startsAt });
      return await page.http.requestBooking({ holdToken: token, ...guest });
    } catch (error) {
      if (!refusalOf(error, "SLOT_TAKEN")) throw error;
    }
  }
  return null;
}
