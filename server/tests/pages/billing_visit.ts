import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import type { TestApi } from "../support.ts";
import { problemsOn } from "./looked_at.ts";

/** What a page says, with spaces where its language has ones that do not break. */
export const plain = (text: string | null) => (text ?? "").replace(/[\u00a0\u202f\u2009]/g, " ");

/** Who looks at pages of clinics of billed.ts. */
const ofBilledClinics = ["carmen", "felicia", "dumitru", "elena", "rada"];

/** A page of billing as a test looks at it, by people of its clinics. Nothing may go wrong on it. */
export function visitBilling(
  browser: () => Browser,
  clinic: () => { api: TestApi; token(name: string): string },
  people = ofBilledClinics,
) {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    const tokens = path.join(clinic().api.config.dataDir, "tokens");
    mkdirSync(tokens, { recursive: true });
    for (const name of people) writeFileSync(path.join(tokens, `${name}.txt`), clinic().token(name));
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const region = (name: string | RegExp) => page.getByRole("region", { name });
  /** The amounts at the ends of lines, in minor units; a total is the last one. */
  const amountsIn = async (part: Locator) =>
    (await part.locator("strong").allTextContents())
      .map((text) => /(-?[\d.]+),(\d\d) RON$/.exec(plain(text)))
      .flatMap((found) => (found ? [Number(`${found[1]?.replaceAll(".", "")}${found[2]}`)] : []));
  return {
    page: () => page,
    button,
    region,
    amountsIn,
    sql: (text: string, values?: unknown[]) => clinic().api.sql(text, values),
    press: (name: string | RegExp) => button(name).first().press("Enter"),
    fact: async (name: string) => {
      const facts = page.locator("dt").filter({ hasText: new RegExp(`^${name}$`) });
      return plain(await facts.first().locator("+ dd").textContent());
    },
    amounts: (name: string | RegExp) => amountsIn(region(name)),
    /** Chooses a tier by its name once the tiers are there, and says what was offered. */
    chooseTier: async (name: RegExp) => {
      const option = page.locator("option", { hasText: name });
      await option.waitFor({ state: "attached" });
      const label = (await option.textContent()) ?? "";
      await page.getByLabel("Planul", { exact: true }).selectOption({ label });
      return plain(label);
    },
    /** Opens a page as somebody, from its beginning. */
    as: async (name: string, address: string) => {
      await page.goto("about:blank");
      await page.goto(`${clinic().api.url}${address}`);
      await page.evaluate("sessionStorage.clear()");
      await page.reload();
      await button(new RegExp(name)).press("Enter");
    },
  };
}
