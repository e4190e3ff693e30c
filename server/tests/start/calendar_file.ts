import { expect } from "vitest";
import type { Json } from "../support.ts";
import { until } from "./support.ts";

/** The mailbox at this port comes to hold a mail to somebody with a calendar file for that time, to the second. */
export async function expectCalendarFile(port: number, to: string, startsAt: string): Promise<void> {
  const page = `http://localhost:${port}/api/messages`;
  const stamp = new Date(startsAt).toISOString().replace(/[-:]|\.\d+/g, "");
  const calendar = await until(async () => {
    const { messages } = (await (await fetch(`${page}?to=${encodeURIComponent(to)}`)).json()) as Json;
    // The mail may still be on its way, and earlier ones be there: about other times, or without a file.
    for (const { id } of messages) {
      const mail = (await (await fetch(`${page}/${id}`)).json()) as Json;
      const file = mail.attachments?.find(({ name }: { name: string }) => name.endsWith(".ics"));
      const text = file && Buffer.from(file.content, "base64").toString();
      if (text && new RegExp(`DTSTART[^\\r\\n]*:${stamp}`).test(text)) return text;
    }
    return undefined;
  });
  expect(calendar).toContain("BEGIN:VEVENT");
}
