import { gzipSync } from "node:zlib";
import type { Browser, Page, Response } from "playwright-core";
import { expect, test } from "vitest";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";

const short = {
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

/** The pages of links and kiosks, against the API itself. */
export function signingCases(browser: () => Browser, clinic: () => Clinic): void {
  /** A browser that nobody used before, as somebody opens an address in it. */
  async function open(
    url: string,
    then: (page: Page) => Promise<void>,
    onResponse?: (response: Response) => unknown,
  ) {
    const context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    try {
      const page = await context.newPage();
      const problems = problemsOn(page);
      if (onResponse) page.on("response", onResponse);
      await page.goto(url);
      await then(page);
      expect(problems).toEqual([]);
    } catch (error) {
      console.log(
        await context.pages()[0]?.locator("main").innerText(),
        await context
          .pages()[0]
          ?.locator("input")
          .first()
          .inputValue()
          .catch(() => ""),
      );
      throw error;
    } finally {
      await context.close();
    }
  }
  const heading = (page: Page, text: string) =>
    page.getByRole("heading", { level: 1, name: text }).waitFor({ timeout: 8000 });
  const identify = async (page: Page, birthDate = "1980-05-17") => {
    await heading(page, "Confirmați cine sunteți");
    await page.getByLabel("Data nașterii").fill(birthDate);
    await page.getByRole("button", { name: "Continuați" }).click();
  };
  const signatureOf = async (formId: string) =>
    (
      await clinic().api.sql(
        "select mode, signature, typed_name, locale from app_public.form_signatures where form_id = $1",
        [formId],
      )
    )[0];

  test("CNS-06: somebody signs by a link with the keyboard alone, and the page loads little and nothing from elsewhere", async () => {
    const template = await clinic().publish("telemedicine", short, { purposes: ["telemedicine"] });
    const form = await clinic().form(template);
    const { url } = await clinic().linkTo(form);
    let script = 0;
    const asked: string[] = [];
    await open(
      url,
      async (page) => {
        await heading(page, "Confirmați cine sunteți");
        expect(script).toBeGreaterThan(5_000);
        expect(script).toBeLessThan(60_000);
        expect(asked.filter((one) => !one.startsWith(clinic().api.url))).toEqual([]);
        expect(asked.join()).not.toContain(url.split("#")[1]);
        await lookAt(page, "sign-identify");

        const keys = async (...pressed: string[]) => {
          for (const key of pressed) await page.keyboard.press(key);
        };
        const tabTo = async (found: ReturnType<Page["locator"]>) => {
          for (let left = 20; left > 0 && !(await found.evaluate((one) => one.matches(":focus"))); left -= 1)
            await keys("Tab");
        };
        await tabTo(page.getByLabel("Data nașterii"));
        await page.keyboard.type("05171980");
        await keys("Enter");
        await heading(page, "Acord pentru consultația la distanță");
        await tabTo(page.getByRole("radio", { name: "0" }));
        await keys("Space", "ArrowRight", "ArrowRight");
        await tabTo(page.getByLabel("Ce ar trebui să știm?"));
        await page.keyboard.type("Mă doare genunchiul.");
        await page.getByText("Răspunsurile sunt salvate.").waitFor();
        await lookAt(page, "sign-form");
        await tabTo(page.getByRole("button", { name: "Continuați" }));
        await keys("Enter");
        await heading(page, "Citiți și semnați");
        await lookAt(page, "sign");
        await tabTo(page.getByRole("checkbox"));
        await keys("Space");
        await tabTo(page.getByLabel("Scrieți numele dumneavoastră complet"));
        await page.keyboard.type("Ioana Mureșan");
        await keys("Enter");
        await heading(page, "Mulțumim, ați semnat");
        await lookAt(page, "sign-done");
        expect(await signatureOf(form)).toEqual({
          mode: "remote_link",
          signature: "typed",
          typed_name: "Ioana Mureșan",
          locale: "ro",
        });

        await page.reload();
        await heading(page, "Formularul este deja semnat");
        await lookAt(page, "sign-used");
        expect(await page.evaluate("JSON.stringify(sessionStorage)")).toBe("{}");
      },
      async (response) => {
        asked.push(response.url());
        if (response.url().endsWith(".js")) script += gzipSync(await response.body()).length;
      },
    );
  });
}
