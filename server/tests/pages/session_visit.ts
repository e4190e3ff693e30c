import type { Browser, BrowserContext, Page } from "playwright-core";
import { ifBusy } from "../../../db/testing/busy.ts";
import { problemsOn } from "./looked_at.ts";
import { replayLandmarks } from "./replayed.ts";
import type { Telerehab } from "./telerehab.ts";
import { heading } from "./visits.ts";

export type Visit = { context: BrowserContext; page: Page; problems: string[] };
/** Somebody opens the page on a phone and signs in. */
export const opensFor =
  (browser: () => Browser, world: () => Telerehab) =>
  async (
    who: string,
    {
      locale = "ro-RO",
      camera = true,
      isReplayed = true,
      context: known,
    }: Partial<{
      locale: string;
      camera: boolean;
      isReplayed: boolean;
      context: BrowserContext;
    }> = {},
  ): Promise<Visit> => {
    const viewport = { width: 360, height: 740 };
    const context = known ?? (await browser().newContext({ locale, viewport }));
    // A browser draws a camera's pictures with what the machine has left.
    context.setDefaultTimeout(ifBusy(12_000));
    // As a browser answers whose user says no.
    if (!camera)
      await context.addInitScript(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('No', 'NotAllowedError'); }",
      );
    if (isReplayed && !known) await replayLandmarks(context);
    const page = await context.newPage();
    const problems = problemsOn(page);
    await page.goto(`${world().api.url}/session`);
    await page.getByRole("button", { name: new RegExp(`^${who}`) }).click();
    return { context, page, problems };
  };

export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
export const press = (page: Page, name: string | RegExp) => button(page, name).click();

/** From the list to the first exercise, with the camera if it is asked for. */
export async function begins(page: Page, { usesCamera = true } = {}): Promise<void> {
  await press(page, /Ședința 1/);
  await heading(page, "Ședința 1");
  for (const box of await page.getByLabel(/Am citit și nu am/).all()) await box.check();
  if (usesCamera) {
    await page.getByLabel("Folosesc camera").check();
    await page.getByText("Vă vedem.").waitFor();
  }
  await page.getByLabel("4", { exact: true }).check();
  await press(page, /(Încep|Continui) ședința/);
  await heading(page, /Exercițiul (mini-squat|plank)/);
}

export type Opens = ReturnType<typeof opensFor>;
