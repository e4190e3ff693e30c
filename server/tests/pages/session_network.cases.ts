import { expect, test, vi } from "vitest";
import { lookAt } from "./looked_at.ts";
import { begins, type Opens, press } from "./session_visit.ts";
import type { Telerehab } from "./telerehab.ts";
import { heading } from "./visits.ts";

/** What happens to a recording on its way: no network, refusals, a page that is closed, a consent that is taken back. */
export function networkCases(opens: Opens, world: () => Telerehab): void {
  test("TEL-08: without a network the session goes on, says so, and everything arrives later", async () => {
    await world().agrees("dan");
    const { context, page } = await opens("dan");
    await begins(page);
    await press(page, "Încep seria 1 din 2");
    await page.getByText(/Numărate: [1-9]/).waitFor({ timeout: 30_000 });
    await context.setOffline(true);
    await page.getByText(/Fără internet: .* așteaptă/).waitFor({ timeout: 20_000 });
    await press(page, "Opresc exercițiul");
    await press(page, "Salvez și continui");
    await page.getByText("Fără internet, ce ați completat rămâne").waitFor();
    await lookAt(page, "session-offline");
    expect(await world().logsOf("dan")).toEqual([]);
    await context.setOffline(false);
    await vi.waitFor(async () => expect(await world().logsOf("dan")).toHaveLength(1), { timeout: 20_000 });
    await press(page, "Sar peste exercițiu");
    await press(page, "Salvez și continui");
    await page.getByLabel("3", { exact: true }).check();
    await context.setOffline(true);
    await press(page, "Închei ședința");
    await page.getByText("Nu am putut ajunge la server.").waitFor();
    await context.setOffline(false);
    await press(page, "Închei ședința");
    await page.getByText("Totul a fost trimis.").waitFor({ timeout: 30_000 });
    expect(await world().sessionOf("dan")).toMatchObject({
      status: "completed",
      pain_before: 4,
      pain_after: 3,
    });
    await context.close();
  });

  test("TEL-08: a page that was closed in the middle goes on where it was, and sends what it had", async () => {
    await world().agrees("elena");
    const { context, page } = await opens("elena");
    await begins(page);
    await press(page, "Încep seria 1 din 2");
    await page.getByText(/Numărate: [1-9]/).waitFor({ timeout: 30_000 });
    await context.route(`${world().url}/**`, (route) => route.abort());
    await page.waitForTimeout(4_500);
    await press(page, "Opresc exercițiul");
    await press(page, "Salvez și continui");
    await heading(page, "Exercițiul plank");
    await page.close({ runBeforeUnload: true });

    await context.unroute(`${world().url}/**`);
    const sent: string[] = [];
    context.on("request", (request) => {
      if (request.url().endsWith("/v1/pose/frames") && request.method() === "POST") sent.push(request.url());
    });
    const again = await opens("elena", { context });
    await again.page.getByText("începută").waitFor();
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(1), { timeout: 20_000 });
    await begins(again.page, { usesCamera: false });
    await heading(again.page, "Exercițiul plank");
    await context.close();
  });

  test.each([
    ["429", "florin", { status: 429, headers: { "retry-after": "1" }, reason: "too_many" }, "arrives"],
    ["503", "horia", { status: 503, headers: { "retry-after": "1" }, reason: "busy" }, "arrives"],
    ["413", "ilinca", { status: 413, headers: {}, reason: "body_too_large" }, "is left out"],
    ["401", "jana", { status: 401, headers: {}, reason: "token_expired" }, "arrives"],
  ] as const)(
    "TEL-01: what telemetry answers with %s once is not the end of a recording",
    async (_, who, answer, outcome) => {
      await world().agrees(who);
      const { context, page } = await opens(who);
      let refused = 0;
      const taken: number[] = [];
      await context.route(`${world().url}/v1/pose/frames`, async (route) => {
        if (route.request().method() !== "POST") return route.continue();
        if (refused === 0) {
          refused += 1;
          const { status, headers, reason } = answer;
          const body = JSON.stringify({ errors: [{ message: reason, extensions: { code: "X", reason } }] });
          const open = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" };
          return route.fulfill({ status, headers: { ...open, ...headers }, body });
        }
        const response = await route.fetch();
        if (response.ok()) taken.push((await response.json()).sequence);
        return route.fulfill({ response });
      });
      await begins(page);
      await press(page, /Încep seria 1/);
      await vi.waitFor(() => expect(taken.length).toBeGreaterThan(1), { timeout: 30_000 });
      expect(refused).toBe(1);
      const first = Math.min(...taken);
      if (outcome === "is left out") await page.getByText(/imagini au lipsit din înregistrare/).waitFor();
      expect(taken).toEqual(taken.toSorted((a, b) => a - b));
      expect(taken.at(-1)).toBe(first + taken.length - 1);
      await context.unrouteAll({ behavior: "ignoreErrors" });
      await context.close();
    },
  );

  test("TEL-06: a consent that is withdrawn in the middle ends the recording, and the page says so", async () => {
    await world().agrees("gina");
    const { context, page } = await opens("gina");
    await begins(page);
    await press(page, "Încep seria 1 din 2");
    await page.getByText(/Numărate: [1-9]/).waitFor({ timeout: 30_000 });
    const [{ id }] = await world().api.sql(
      "select id from app_public.patients where patient_profile_id = tests.id('gina')",
    );
    await world().ask(
      "gina",
      `mutation ($patient: UUID!) { withdrawConsent(input: { purpose: "biometric_capture", patientId: $patient }) {
         consents { id } } }`,
      { patient: id },
    );
    await page
      .getByText("Acordul a fost retras: mișcarea nu se mai înregistrează.")
      .waitFor({ timeout: 15_000 });
    expect(await page.getByRole("button", { name: "Opresc mișcarea" }).count()).toBe(0);
    await press(page, "Am terminat seria");
    await page.getByRole("timer").waitFor();
    await context.close();
  });
}
