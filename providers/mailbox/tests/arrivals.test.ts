import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedMailbox, startMailbox } from "../index.ts";

describe("open pages are told what arrives (FND-15)", () => {
  let folder: string;
  let mailbox: EmbeddedMailbox;
  let api: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "mailbox-arrivals-"));
    mailbox = await startMailbox({
      pagePort: 0,
      folder,
      account: { accountSid: "AC1", authToken: "token" },
    });
    api = `http://127.0.0.1:${mailbox.pagePort}`;
  });
  afterAll(async () => {
    await mailbox.stop();
    rmSync(folder, { recursive: true });
  });

  const follow = async () => {
    const leaving = new AbortController();
    const response = await fetch(`${api}/api/arrivals`, { signal: leaving.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    return { response, leave: () => leaving.abort(), next: async () => (await reader?.read())?.value };
  };
  const sendText = () =>
    fetch(`${api}/2010-04-01/Accounts/AC1/Messages.json`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa("AC1:token")}` },
      body: new URLSearchParams({ To: "+40722123456", From: "+40312345678", Body: "hello" }),
    });

  test("an event for each, which says nothing of it; HEAD and unknown hosts follow nothing", async () => {
    const page = await follow();
    expect(page.response.headers.get("content-type")).toBe("text/event-stream");
    expect(await page.next()).toBe("retry: 1000\n\n");
    expect((await sendText()).status).toBe(201);
    expect(await page.next()).toMatch(/^(data: changed\n\n)+$/);
    page.leave();
    const head = await fetch(`${api}/api/arrivals`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "0"]);
  });

  test("twenty pages at once; one more waits until one is gone", async () => {
    const pages = await Promise.all(Array.from({ length: 20 }, follow));
    const late = await fetch(`${api}/api/arrivals`);
    expect([late.status, await late.text()]).toEqual([503, "Too many pages of the mailbox are open.\n"]);
    pages[0]?.leave();
    let status = 0;
    for (const deadline = Date.now() + 10_000; status !== 200 && Date.now() < deadline; ) {
      const { response, leave } = await follow();
      status = response.status;
      leave();
    }
    expect(status).toBe(200);
    for (const page of pages) page.leave();
  });
});
