import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { example } from "../../../web/pages/preview/example.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";
import { draw, heading, identify, short, visits } from "./visits.ts";

/** The pages of links and kiosks, against the API itself. */
export function signingCases(browser: () => Browser, clinic: () => Clinic): void {
  const open = visits(browser);
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
        await tabTo(page.getByRole("radio", { name: "0", exact: true }));
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
        if (!response.url().endsWith(".js")) return;
        const { length } = gzipSync(await response.body());
        script += length;
      },
    );
  });

  test("CNS-06: who is not the person is told how many attempts are left, and a locked link says whom to call", async () => {
    const form = await clinic().form(await clinic().publish("locked", short));
    const { url } = await clinic().linkTo(form);
    await open(url, async (page) => {
      await identify(page, "1980-05-18");
      await page.getByText(/Mai aveți 4 încercări/).waitFor();
      await page.getByText("FORBIDDEN not_this_person").waitFor();
      await lookAt(page, "sign-not-identified");
      for (let left = 4; left > 0; left -= 1) {
        await identify(page, "1980-05-18");
        if (left > 2) await page.getByText(`Mai aveți ${left - 1} încercări`).waitFor();
      }
      await heading(page, "Linkul este blocat");
      await page.getByText("Sunați la clinică pentru un link nou.").waitFor();
      await page.getByText("GONE locked").waitFor();
    });
  });

  test("CNS-06: what is no link leads nowhere, and says what to do; so does one that was taken back", async () => {
    const form = await clinic().form(await clinic().publish("taken_back", short));
    const { url } = await clinic().linkTo(form);
    await clinic().ask(
      "flavia",
      "mutation ($id: UUID!) { revokeSignatureLink(input: { formId: $id }) { signatureLink { id } } }",
      { id: form },
    );
    for (const [address, said] of [
      [url, "Linkul nu mai este valabil"],
      [`${url}x`, "Linkul nu duce nicăieri"],
      [`${clinic().api.url}/sign`, "Linkul nu duce nicăieri"],
    ] as const)
      await open(address, (page) => heading(page, said));
  });

  test("CNS-06: a drawn signature by a code; what was typed survives going back, a reload and a lost network", async () => {
    const template = await clinic().publish(
      "drawn",
      { ...example, intent: short.intent },
      { inner: "drawn" },
    );
    const form = await clinic().form(template, "EN");
    const { url, code } = await clinic().linkTo(form, "CODE");
    await open(url, async (page) => {
      await heading(page, "Show who you are");
      await page.getByLabel("The code you were sent").fill(code ?? "");
      await page.getByRole("button", { name: "Continue" }).click();
      await heading(page, "First assessment");
      const name = page.getByLabel("Full name");
      await name.fill("Ioana Mureșan");

      await page.context().setOffline(true);
      await page.getByLabel("Date of birth").fill("1980-05-17");
      await page.getByText("No connection: what you wrote stays here").waitFor();
      await page.context().setOffline(false);
      await page.getByText("Your answers are saved.").waitFor();

      await page.getByRole("button", { name: "Continue" }).click();
      await page.locator(".notice.bad").getByRole("link", { name: "Have you had surgery" }).waitFor();
      await page.getByLabel("No", { exact: true }).check({ force: true });
      await page.getByRole("radio", { name: /^0/ }).check({ force: true });
      const letter = { name: "letter.png", mimeType: "image/png", buffer: await page.screenshot() };
      await page.getByLabel("Choose a file: Medical letter").setInputFiles(letter);
      await page.getByRole("button", { name: "Remove letter.png" }).waitFor();
      await page.reload();
      await heading(page, "First assessment");
      await page.getByText("letter.png").waitFor();
      expect(await name.inputValue()).toBe("Ioana Mureșan");
      expect(await page.getByLabel("No", { exact: true }).isChecked()).toBe(true);

      await page.getByRole("button", { name: "Continue" }).click();
      await heading(page, "Read and sign");
      await page.goBack();
      await heading(page, "First assessment");
      expect(await name.inputValue()).toBe("Ioana Mureșan");
      await page.goForward();
      await heading(page, "Read and sign");

      await page.getByRole("button", { name: "Sign", exact: true }).click();
      await page.getByText("Tick that you agree").waitFor();
      await page.getByRole("checkbox").check();
      await page.getByRole("button", { name: "Sign", exact: true }).click();
      await page.locator("#signature-problem").waitFor();
      await draw(page);
      await lookAt(page, "sign-drawn");
      // The answer to the signature is lost on its way: the link says that it was used.
      await page.route("**/v1/signing/sign", async (route) => {
        await route.fetch();
        await route.abort();
      });
      await page.getByRole("button", { name: "Sign", exact: true }).click();
      await heading(page, "Thank you, it is signed");
      expect(await signatureOf(form)).toMatchObject({
        mode: "remote_link",
        signature: "drawn",
        locale: "en",
      });
    });
  });

  test("CNS-05: a kiosk signs, drawn by the keyboard, then forgets: not in its history, its storage, or its page", async () => {
    const template = await clinic().publish("kiosk", short, {
      mode: "drawn_kiosk",
      purposes: ["biometric_capture"],
    });
    const form = await clinic().form(template);
    const url = await clinic().kioskFor(form);
    await open(url, async (page) => {
      await heading(page, "Acord pentru consultația la distanță");
      expect(page.url()).toBe(`${clinic().api.url}/kiosk`);
      await page.getByRole("radio", { name: "3", exact: true }).check({ force: true });
      await page.getByLabel("Ce ar trebui să știm?").fill("Secretul Ioanei");
      await page.getByRole("button", { name: "Continuați" }).click();
      await heading(page, "Citiți și semnați");
      await page.getByRole("checkbox").check();
      await page.locator("#signature").focus();
      for (const key of ["Space", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowUp", "Space"])
        await page.keyboard.press(key);
      await page.getByText("Stiloul este ridicat.").waitFor();
      await lookAt(page, "kiosk-sign");
      await page.getByRole("button", { name: "Semnați", exact: true }).click();
      await heading(page, "Mulțumim, ați semnat");
      await lookAt(page, "kiosk-done");
      await page.getByRole("button", { name: "Am terminat" }).click();
      await heading(page, "Acest dispozitiv așteaptă");
      await lookAt(page, "kiosk");
      await page.goBack();
      await page.waitForTimeout(200);
      expect(await page.content()).not.toContain("Ioan");
      expect(await page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie])")).toBe(
        '[{},{},""]',
      );
    });
    expect(await signatureOf(form)).toMatchObject({ mode: "drawn_kiosk", signature: "drawn" });
  });

  test("CNS-06: somebody refuses, with a reason or without, and nothing is signed", async () => {
    const form = await clinic().form(await clinic().publish("refused", short));
    const { url } = await clinic().linkTo(form);
    await open(url, async (page) => {
      await identify(page);
      await page.getByRole("radio", { name: "0", exact: true }).check({ force: true });
      await page.getByRole("button", { name: "Continuați" }).click();
      await page.getByText("Nu vreau să semnez").click();
      await page.getByRole("button", { name: "Refuz să semnez" }).click();
      await heading(page, "Nu ați semnat");
    });
    expect(await signatureOf(form)).toBeUndefined();
  });
}
