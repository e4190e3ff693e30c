import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import nodemailer from "nodemailer";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedMailbox, startMailbox } from "../../../providers/mailbox/index.ts";

export function mailboxCases(browser: () => Browser): void {
  let folder: string;
  let mailbox: EmbeddedMailbox;
  let context: BrowserContext;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "mailbox-pages-"));
    const account = { accountSid: "AC1", authToken: "token" };
    mailbox = await startMailbox({ smtpPort: 0, pagePort: 0, folder, account });
    context = await browser().newContext({ timezoneId: "America/New_York", locale: "en-GB" });
    page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(`http://localhost:${mailbox.pagePort}/`);
  });
  afterAll(async () => {
    await context.close();
    await mailbox.stop();
    rmSync(folder, { recursive: true });
    // A policy that stops a script or a style would be told here.
    expect(problems).toEqual([]);
  });

  const send = (to: string, subject: string) => {
    const post = nodemailer.createTransport({ host: "127.0.0.1", port: mailbox.smtpPort, ignoreTLS: true });
    return post.sendMail({ from: "clinica@example.com", to, subject, text: "Vă așteptăm." });
  };
  const subjects = () => page.locator("#messages .subject").allTextContents();
  const status = () => page.locator("#status");
  const untilListed = (count: number) => expect.poll(() => page.locator("#messages li").count()).toBe(count);

  test("a mail and a text show up without a reload, are announced, and nobody loses the place", async () => {
    expect(await status().textContent()).toMatch(/^Nothing yet/);
    await send("ioana.muresan@example.com", "Programare confirmată");
    await untilListed(1);
    expect(await status().textContent()).toBe("1 message. New: Programare confirmată");
    await page.locator("#messages a").first().focus();
    await fetch(`http://127.0.0.1:${mailbox.pagePort}/2010-04-01/Accounts/AC1/Messages.json`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa("AC1:token")}` },
      body: new URLSearchParams({ To: "+40722123456", From: "+40312345678", Body: "Mâine la 10:00" }),
    });
    await untilListed(2);
    expect(await subjects()).toEqual(["Mâine la 10:00", "Programare confirmată"]);
    expect(await page.locator(":focus").textContent()).toContain("Programare confirmată");
    await expect.poll(() => page.locator("#messages .soft").first().textContent()).toMatch(/delivered$/);
  });

  test("times are the reader's, and say of which zone", async () => {
    const time = page.locator("#messages time").first();
    const at = new Date((await time.getAttribute("datetime")) ?? "");
    const zone = { timeZone: "America/New_York", dateStyle: "medium", timeStyle: "long" } as const;
    expect(await time.textContent()).toBe(new Intl.DateTimeFormat("en-GB", zone).format(at));
    expect(await page.locator("#zone").textContent()).toContain("America/New_York");
  });

  test("search finds by recipient, text and kind, without diacritics, by keyboard alone", async () => {
    await send("Ioana Mureșan <i.m@example.com>", "Bun venit, Ioana Mureșan");
    await untilListed(3);
    await page.getByRole("searchbox").focus();
    await page.keyboard.type("muresan");
    await untilListed(2);
    expect(await subjects()).toEqual(["Bun venit, Ioana Mureșan", "Programare confirmată"]);
    await page.keyboard.type(" confirmata");
    await untilListed(1);
    await expect.poll(() => status().textContent()).toBe("1 of 3 messages");
    await expect.poll(() => page.url()).toContain("?q=muresan+confirmata");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await untilListed(3);
    await page.keyboard.press("Tab");
    await page.keyboard.press("S");
    await expect.poll(() => status().textContent()).toBe("1 of 3 messages");
    expect(await subjects()).toEqual(["Mâine la 10:00"]);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await untilListed(3);
  });

  test("axe finds nothing, light and dark, on the list and on a message", async () => {
    const unfit = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await unfit()).toEqual([]);
    }
    await page.getByRole("link", { name: /Programare confirmată/ }).press("Enter");
    await page.waitForURL(/\/messages\//);
    expect(await page.locator("time").textContent()).toMatch(/GMT-[45]|EST|EDT/);
    expect(await unfit()).toEqual([]);
  });
}
