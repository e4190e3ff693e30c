import { ifBusy } from "../../../db/testing/busy.ts";
import { type TwilioSettings, twilioMessenger } from "../twilio.ts";
import { startTwilio, type TwilioVendor } from "./twilio_vendor.ts";

/** The vendor that the cases of twilio.test.ts share, and what they send by it. */
export let vendor: TwilioVendor;
export async function openTwilio(): Promise<void> {
  vendor = await startTwilio();
}
export const closeTwilio = () => vendor.stop();

export const text = {
  to: "+40722123456",
  body: "Bună ziua, Ștefan: vă așteptăm marți, 9 martie, ora 10:00.",
};
export const key = "0190c0de-0000-7000-8000-000000000001";
let letters = 0;
/** No two tests send the same text, so that each is found by it. */
export const nextText = () => ({ ...text, body: `${text.body} (${++letters})` });

export function messenger(changes: Partial<TwilioSettings> = {}) {
  return twilioMessenger({
    channel: "sms",
    account: vendor.account,
    sender: { from: vendor.from },
    timeoutMs: ifBusy(2_000),
    ...changes,
  });
}

export const failureOf = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
export const takenWith = async (body: string) =>
  (await vendor.taken()).filter((taken) => taken.body === body);
