import { expect } from "vitest";
import type { Json } from "../support.ts";
import { until } from "./support.ts";

/** The mailbox at this port holds a mail to somebody, with a calendar file for that time. */
export async function expectCalendarFile(port: number, to: string, startsAt: string): Promise<void> {
  const page = `http://localhost:${port}/api/messages`;
  const { id } = await until(async () => {
    const { messages } = (await (await fetch(`${page}?to=${encodeURIComponent(to)}`)).json()) as Json;
    return messages[0] as { id: string } | undefined;
  });
  const mail = (await (await fetch(`${page}/${id}`)).json()) as Json;
  const file = mail.attachments.find(({ name }: { name: string }) => name.endsWith(".ics"));
  const calendar = Buffer.from(file.content, "base64").toString();
  const stamp = new Date(startsAt).toISOString().replace(/[-:]|\.\d+/g, "");
  expect(calendar).toContain("BEGIN:VEVENT");
  expect(calendar).toMatch(new RegExp(`DTSTART[^\\r\\n]*:${stamp.slice(0, 8)}`));
}
