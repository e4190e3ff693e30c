import { httpApi } from "../../client/http.ts";
import { refusalOf } from "../../client/refused.ts";
import type { ClientSettings } from "../../client/settings.ts";
import { openTransport } from "../../client/transport.ts";
import type { Language } from "../components/language.ts";
import type { Lost } from "./flow.ts";

export type Door = ReturnType<typeof openDoor>;

/** The paths under /v1/public, as a visitor who has a name of its own from request to request, and no other. */
export function openDoor(visitorId: string) {
  // A telephone's clock may be wrong by minutes, and a hold lasts ten: the API says what time it is.
  let ahead = 0;
  const asking: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const said = Date.parse(response.headers.get("date") ?? "");
    if (Number.isFinite(said)) ahead = said - Date.now();
    return response;
  };
  const settings: ClientSettings = { url: location.origin, language: "ro", visitorId, fetch: asking };
  return {
    ...httpApi(openTransport(settings)),
    /** The language that refusals are told in. */
    speak(language: Language) {
      settings.language = language;
    },
    language: (): Language => settings.language ?? "ro",
    /** The time, by the API's clock. */
    now: () => Date.now() + ahead,
  };
}

/** The same, where what is listed is what a booking can be moved to: also at a clinic that lists visitors nothing. */
export function toMove(door: Door, token: string): Door {
  return {
    ...door,
    getAvailability: (given, options) => door.getTimesToMove({ ...given, token }, options),
    getAvailableDays: (given, options) => door.getDaysToMove({ ...given, token }, options),
    getNextAvailable: (given, options) => door.getNextToMove({ ...given, token }, options),
  };
}

/** What a refusal says about the time that was asked for: somebody was faster, or it can no longer be booked. Null for any other. */
export function lostBy(error: unknown, startsAt: string): Lost | null {
  const refusal = refusalOf(error);
  if (!refusal || !(refusal.code === "SLOT_TAKEN" || "startsAt" in ((refusal.details ?? {}) as object)))
    return null;
  return { startsAt, message: (error as Error).message, code: `${refusal.code} ${refusal.reason}` };
}

/** Whether a hold is over, so that its time is asked for anew. */
export function isHoldOver(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.reason === "hold_expired" || refusal?.reason === "hold_not_found";
}
