import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ALGORITHM_VERSION } from "../../../telemetry/aggregate/parameters.ts";
import { lookAt } from "./looked_at.ts";
import { afterSessionCases } from "./session_after.cases.ts";
import { networkCases } from "./session_network.cases.ts";
import { button, opensFor, press, type Visit } from "./session_visit.ts";
import { openTelerehab, type Telerehab } from "./telerehab.ts";
import { heading } from "./visits.ts";

/** A patient's page of sessions at home, with the fake camera of the browser, and with landmarks that were recorded. */
export function sessionCases(browser: () => Browser): void {
  let world: Telerehab;
  beforeAll(async () => {
    world = await openTelerehab();
  });
  afterAll(() => world.close());

  const opens = opensFor(browser, () => world);
  let bogdan: Visit;

  describe("with a camera", () => {
    let visit: Visit;
    beforeAll(async () => {
      await world.agrees("ana");
      visit = await opens("ana");
    });
    afterAll(async () => {
      await visit.context.close();
      expect(visit.problems).toEqual([]);
    });

    test("EXE-05: a session begins once contraindications were read and the pain was said", async () => {
      const { page } = visit;
      await page.getByRole("button", { name: /Ședința 1/ }).waitFor();
      await lookAt(page, "session-list");
      await press(page, /Ședința 1/);
      await heading(page, "Ședința 1");
      await page.getByText("Durere de genunchi.").waitFor();
      expect(await page.getByRole("link", { name: "Acordurile mele" }).count()).toBe(0);
      await press(page, "Încep ședința");
      await page.getByText("Bifați fiecare rând ca să puteți începe.").waitFor();
      await page.getByText("Alegeți un număr de la 0 la 10.").waitFor();
      await lookAt(page, "session-prepare");
      expect((await world.sessionOf("ana")).status).toBe("due");
    });

    test("TEL-08: the camera is loaded once it is asked for, and the patient sees what is followed", async () => {
      const { page } = visit;
      const loaded = () =>
        page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name).join()");
      expect(await loaded()).not.toMatch(/landmarker|camera/);
      await page.getByLabel("Folosesc camera").check();
      await page.getByText("Vă vedem.").waitFor();
      expect(await loaded()).toMatch(/camera/);
      // Such as the phone does for a call: the picture does not stand still for the rest of the session.
      await page.evaluate("document.querySelector('video').pause()");
      await page.waitForFunction("!document.querySelector('video').paused");
      await lookAt(page, "session-camera");
    });

    test("TEL-04: repetitions are counted as they are done, and what is recorded stands on the page", async () => {
      const { page } = visit;
      for (const box of await page.getByLabel(/Am citit și nu am/).all()) await box.check();
      await page.getByLabel("4", { exact: true }).check();
      await press(page, "Încep ședința");
      await heading(page, "Exercițiul mini-squat");
      await page.getByText("2 serii a câte 5 repetări").waitFor();
      await page.getByText("Se înregistrează mișcarea").waitFor();
      const video = page.getByLabel("Demonstrație: Exercițiul mini-squat");
      await video.evaluate((one) => (one as unknown as { play(): Promise<void> }).play());
      await expect
        .poll(() => video.evaluate((one) => (one as unknown as { ended: boolean }).ended), {
          timeout: 10_000,
        })
        .toBe(true);
      await press(page, "Încep seria 1 din 2");
      await page.getByText(/Numărate: [4-9]/).waitFor({ timeout: 30_000 });
      await lookAt(page, "session-exercise");
      await press(page, "Am terminat seria");
      await page.getByRole("timer", { name: "Pauză rămasă" }).waitFor();
      await lookAt(page, "session-rest");
    });

    test("EXE-02: by keyboard alone the second set, the amounts and the other exercise", async () => {
      const { page } = visit;
      await page.keyboard.press("Enter"); // the next set
      await page.getByRole("heading", { name: "Seria 2 din 2" }).waitFor();
      await page.waitForTimeout(4_500);
      await page.keyboard.press("Enter"); // done
      await page.getByRole("heading", { name: "Ce ați făcut" }).waitFor();
      await lookAt(page, "session-amounts");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.value")).toBe("2");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Control+A");
      await page.keyboard.type("zece");
      await page.keyboard.press("Enter");
      await page.getByText("Scrieți un număr întreg").waitFor();
      await page.keyboard.press("Control+A");
      await page.keyboard.type("9");
      await page.keyboard.press("Enter");
      await heading(page, "Exercițiul plank");
      await button(page, "Încep seria 1 din 1").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("timer", { name: "Timp rămas" }).waitFor();
      await page.getByRole("heading", { name: "Ce ați făcut" }).waitFor();
      await button(page, "Salvez și continui").focus();
      await page.keyboard.press("Enter");
      await heading(page, "Cum vă simțiți?");
      await expect.poll(() => world.logsOf("ana")).toHaveLength(2);
      expect(await world.logsOf("ana")).toMatchObject([
        { place: 1, entered_sets: 2, entered_reps: 9, entered_seconds: null },
        { place: 2, entered_sets: 1, entered_reps: null, entered_seconds: 2 },
      ]);
    });

    test("EXE-02, TEL-02, TEL-11: the session is completed with the pain after it, and what was recorded comes to metrics", async () => {
      const { page } = visit;
      await page.getByRole("radio").first().focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await lookAt(page, "session-after");
      await button(page, "Închei ședința").focus();
      await page.keyboard.press("Enter");
      await heading(page, "Ședința s-a încheiat");
      await page.getByText("Totul a fost trimis.").waitFor();
      await lookAt(page, "session-done");
      expect(await world.sessionOf("ana")).toMatchObject({
        status: "completed",
        pain_before: 4,
        pain_after: 2,
      });
      expect(await page.evaluate("localStorage.length")).toBe(0);
      await press(page, "La ședințele mele");
      await page.getByText("Astăzi nu aveți nicio ședință.").waitFor();

      const metrics = await vi.waitFor(
        async () => {
          const found = await world.metricsOf("ana");
          expect(found).not.toBeNull();
          return found;
        },
        { timeout: 30_000, interval: 200 },
      );
      expect(metrics).toMatchObject({
        recording: { scopes: ["media", "pose"], gaps: [], replay_state: "kept" },
        pose: [{ place: 1, algorithm_version: ALGORITHM_VERSION, frames_dropped: 0 }],
      });
      expect(metrics?.pose[0].reps).toBeGreaterThanOrEqual(4);
      expect(Number(metrics?.pose[0].range_degrees)).toBeGreaterThan(60);
      expect(metrics?.media.map(({ place }) => place)).toContain(1);
      // The patient's own word stays beside what the camera counted.
      expect((await world.logsOf("ana"))[0]).toMatchObject({
        entered_reps: 9,
        actual_reps: metrics?.pose[0].reps,
        actual_source: "pose",
        video_watch_percentage: 100,
      });
    });
  });

  test("TEL-08: the page itself loads at most 60 KB of scripts, and nothing of the camera", async () => {
    const context = await browser().newContext({ locale: "ro-RO" });
    const page = await context.newPage();
    const scripts: Promise<number>[] = [];
    const names: string[] = [];
    page.on("response", (response) => {
      if (!response.url().endsWith(".js")) return;
      names.push(response.url());
      scripts.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(`${world.api.url}/session`);
    await page.getByRole("button", { name: /^ana/ }).click();
    await heading(page, "Ședințele mele de acasă");
    const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    process.stdout.write(`the page of a session: ${names.length} scripts, ${bytes} bytes compressed\n`);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThanOrEqual(60_000);
    expect(names.join()).not.toMatch(/camera|landmarker|counter|wasm/);
    await context.close();
  });

  test("EXE-05: without consent the exercises are done all the same, and nothing is recorded", async () => {
    const { context, page, problems } = await opens("bogdan", { locale: "en-GB" });
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.url().startsWith(world.url)) sent.push(new URL(request.url()).pathname);
    });
    await press(page, /Session 1/);
    await heading(page, "Session 1");
    await page.getByText("Your movement is not followed").waitFor();
    await page.getByText("How you watch videos is not recorded").waitFor();
    expect(await page.getByLabel("Use the camera").count()).toBe(0);
    await lookAt(page, "session-no-consent");
    for (const box of await page.getByLabel(/I have read this/).all()) await box.check();
    await page.getByLabel("0, not at all").check();
    await press(page, "Begin the session");
    await page.getByText("Nothing is recorded.").waitFor();
    for (const _ of [1, 2]) {
      await press(page, "Skip the exercise");
      await press(page, "Save and go on");
    }
    await page.getByLabel("0, not at all").check();
    await press(page, "End the session");
    await heading(page, "The session is done");
    await page.getByText("Everything was sent.").waitFor();
    expect(await world.sessionOf("bogdan")).toMatchObject({ status: "completed", pain_after: 0 });
    expect(sent.filter((path) => !path.endsWith("/end"))).toEqual([]);
    expect(problems).toEqual([]);
    bogdan = { context, page, problems };
  });

  afterSessionCases(
    () => bogdan,
    () => world,
  );

  test("TEL-08: a camera that nobody may use is said, and the session goes on without", async () => {
    await world.agrees("clara");
    const { context, page, problems } = await opens("clara", { camera: false });
    await press(page, /Ședința 1/);
    await page.getByLabel("Folosesc camera").check();
    await page.getByText("Browserul nu are voie să folosească camera.").waitFor();
    expect(await page.getByLabel("Folosesc camera").isChecked()).toBe(false);
    expect(problems).toEqual([]);
    await context.close();
  });

  test("TEL-08: the landmarker itself runs under the page's policy, from our own server, and sees nobody in a test picture", async () => {
    const { context, page, problems } = await opens("clara", { isReplayed: false });
    const asked = new Set<string>();
    page.on("request", (request) => void asked.add(new URL(request.url()).origin));
    await press(page, /Ședința 1/);
    await page.getByLabel("Folosesc camera").check();
    await page.getByText("Nu vedem pe nimeni.").waitFor({ timeout: 60_000 });
    expect([...asked]).toEqual([world.api.url]);
    expect(
      problems.filter((line) => !/mediapipe|TensorFlow|gl_context|inference_feedback/i.test(line)),
    ).toEqual([]);
    await context.close();
  });

  networkCases(opens, () => world);
}
