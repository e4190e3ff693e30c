import { mkdirSync } from "node:fs";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const pictures = path.join(import.meta.dirname, "..", "..", "..", "docs", "pictures");

/** The width of a small phone, and that of a laptop. */
const widths = { 360: 740, 1280: 800 } as const;

/** Errors of a page, which a policy that stops a script, a style or a question is told among; empty at the end of a test. */
export function problemsOn(page: Page): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    // A refusal is an answer: what the page makes of it is what the test looks at.
    if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
      problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  return problems;
}

/**
 * Looks at a page as it stands, on a phone and on a laptop: axe finds nothing, light and dark; nothing is wider than the screen;
 * what is pressed is as large as a fingertip. `npm run pictures` keeps what was seen.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const [width, height] of Object.entries(widths)) {
    await page.setViewportSize({ width: Number(width), height });
    expect([name, width, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([
      name,
      width,
      Number(width),
    ]);
    expect([name, width, await tooSmall(page)]).toEqual([name, width, []]);
    if (process.env.PICTURES) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({
        path: path.join(pictures, `${name}-${width}.png`),
        fullPage: true,
        animations: "disabled",
      });
    }
  }
  await zoomed(page, name);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect([name, colorScheme, violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([
      name,
      colorScheme,
      [],
    ]);
  }
  await page.setViewportSize({ width: 360, height: widths[360] });
}

/** At 200 %: the laptop's page in half its width, and the phone's with letters of twice their size. Nothing is scrolled sideways. */
async function zoomed(page: Page, name: string): Promise<void> {
  const width = () => page.evaluate("document.documentElement.scrollWidth");
  const letters = (size: string) => page.evaluate(`document.documentElement.style.fontSize = "${size}"`);
  await page.setViewportSize({ width: 640, height: 400 });
  expect([name, "200 %", await width()]).toEqual([name, "200 %", 640]);
  await page.setViewportSize({ width: 360, height: widths[360] });
  await letters("200%");
  expect([name, "letters of 200 %", await width()]).toEqual([name, "letters of 200 %", 360]);
  await letters("");
}

/** What is pressed and is smaller than 44 by 44; a radio button or a box is pressed by its label. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll("a, button, input, select, textarea, summary, canvas")]
    .map((one) => (one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one))
    .filter((one) => {
      const { width, height } = one.getBoundingClientRect();
      return width > 0 && (width < 43.9 || height < 43.9);
    })
    .map((one) => one.outerHTML.slice(0, 120))`);
}
