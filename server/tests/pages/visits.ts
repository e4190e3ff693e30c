import type { Browser, BrowserContextOptions, Page, Response } from "playwright-core";
import { expect } from "vitest";
import { problemsOn } from "./looked_at.ts";

/** A form of two questions, as a clinic would send it before a consultation at a distance. */
export const short = {
  format: 1,
  title: { ro: "Acord pentru consultația la distanță", en: "Consent to remote consultation" },
  intro: { ro: "Vă rugăm să răspundeți și să semnați.", en: "Please answer and sign." },
  intent: { ro: "Am citit și sunt de acord.", en: "I have read this and agree." },
  items: [
    {
      key: "pain",
      type: "scale",
      label: { ro: "Cât vă doare?", en: "How much does it hurt?" },
      min: 0,
      max: 10,
      required: true,
    },
    { key: "note", type: "long_text", label: { ro: "Ce ar trebui să știm?", en: "What should we know?" } },
  ],
};

/** Opens an address in a browser that nobody used before, on a small phone, in Romanian, unless `options` say otherwise. Nothing may go wrong meanwhile. */
export function visits(browser: () => Browser, options: BrowserContextOptions = {}) {
  return async (
    url: string,
    then: (page: Page) => Promise<void>,
    onResponse?: (response: Response) => unknown,
  ) => {
    const context = await browser().newContext({
      locale: "ro-RO",
      viewport: { width: 360, height: 740 },
      ...options,
    });
    try {
      const page = await context.newPage();
      const problems = problemsOn(page);
      if (onResponse) page.on("response", onResponse);
      await page.goto(url);
      await then(page);
      expect(problems).toEqual([]);
    } finally {
      await context.close();
    }
  };
}

export const heading = (page: Page, text: string | RegExp) =>
  page.getByRole("heading", { level: 1, name: text }).waitFor();

export async function identify(page: Page, birthDate = "1980-05-17"): Promise<void> {
  await heading(page, "Confirmați cine sunteți");
  await page.getByLabel("Data nașterii").fill(birthDate);
  await page.getByRole("button", { name: "Continuați" }).click();
}

/** A line across the pad, by mouse. */
export async function draw(page: Page): Promise<void> {
  const pad = page.locator("#signature");
  await pad.scrollIntoViewIfNeeded();
  const { x = 0, y = 0, width = 0, height = 0 } = (await pad.boundingBox()) ?? {};
  await page.mouse.move(x + width * 0.2, y + height * 0.6);
  await page.mouse.down();
  for (const [across, down] of [
    [0.3, 0.2],
    [0.4, 0.8],
    [0.5, 0.3],
    [0.8, 0.6],
  ] as const)
    await page.mouse.move(x + width * across, y + height * down, { steps: 4 });
  await page.mouse.up();
}
