import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storesOf } from "../../../providers/storage/index.ts";
import { refusalOf } from "../support.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt, problemsOn } from "./looked_at.ts";
import { movingPicture } from "./recorded.ts";
import { scriptsOf } from "./weighed.ts";

const videoKey = "exercise-renders/of-pages/one.mp4";

/** The library of exercises, as a superadmin writes one, has it filmed, publishes and archives it. */
export function exerciseCases(browser: () => Browser, clinic: () => Clinic): void {
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const sql = (text: string, values?: unknown[]) => clinic().api.sql(text, values);

  beforeAll(async () => {
    await sql(`
      begin;
      select set_config('tests.clinic', 'atlas', true);
      select tests.person('root', superadmin => true);
      select tests.remember('squat', tests.published_exercise('genuflexiune')), tests.exercise('scandura', 'duration_based');
      update app_private.identities set issuer = '${clinic().api.issuer.issuer}';
      commit`);
    const tokens = path.join(clinic().api.config.dataDir, "tokens");
    writeFileSync(path.join(tokens, "root.txt"), clinic().token("root"));
    await (await storesOf(clinic().api.config.storage).for(null)).put(videoKey, movingPicture(), {
      contentType: "video/mp4",
    });
    context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    problems = problemsOn(page);
  });
  afterAll(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const press = (name: string | RegExp) => button(name).first().press("Enter");
  const group = (name: string | RegExp) => page.getByRole("group", { name });
  const exercise = async (slug: string) =>
    (
      await sql(
        "select *, app_public.exercises_missing(exercises) as missing from app_public.exercises where slug = $1",
        [slug],
      )
    )[0];

  test("EXL-06: a clinic's administrator is told that the library is not theirs, and is refused what a superadmin does", async () => {
    await page.goto(`${clinic().api.url}/exercises`);
    await button(/adrian/).press("Enter");
    await page.getByText("Biblioteca o scriu superadministratorii").waitFor();
    expect(await button("Exercițiu nou").count()).toBe(0);
    const archive = `mutation ($id: UUID!) { archiveExercise(input: { exerciseId: $id }) { exercise { id } } }`;
    const answer = await clinic().api.graphql(archive, {
      token: clinic().token("adrian"),
      variables: { id: await clinic().id("squat") },
    });
    expect(refusalOf(answer)).toMatchObject({ code: "FORBIDDEN", reason: "superadmin_only" });
    await press("Ieșiți din cont");
  });

  test("FND-29: both pages load little before they can be used", async () => {
    for (const address of ["/exercises", "/treatment"]) {
      const bytes = await scriptsOf(`${clinic().api.url}${address}`);
      process.stdout.write(`${address}: ${bytes} bytes of scripts, compressed\n`);
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThanOrEqual(60_000);
    }
  });

  test("EXL-06: a superadmin finds exercises by state, region and kind", async () => {
    await button(/root/).press("Enter");
    const [{ count }] = await sql("select count(*)::int from app_public.exercises");
    await page.getByText(`${count} exerciții.`).waitFor();
    await lookAt(page, "exercises");
    await page.getByLabel("Stare").selectOption({ label: "Publicat" });
    await page.getByLabel("Regiune a corpului").selectOption({ label: "Gât" });
    await page.getByText("Niciun exercițiu.").waitFor();
    expect(await page.locator(".choices button").count()).toBe(0);
    await page.getByLabel("Regiune a corpului").selectOption({ label: "Genunchi" });
    await button(/genuflexiune.*Publicat.*cu repetări/).waitFor();
    await page.getByLabel("Stare").selectOption({ label: "Oricare" });
    await page.getByLabel(/^Fel/).selectOption({ label: "cu timp" });
    await button(/scandura.*Ciornă.*cu timp/).waitFor();
    expect(await page.locator(".choices button").count()).toBe(1);
  });

  test("EXL-06: one is begun; what is wrong is told at its field, and nothing that was written is lost", async () => {
    await press("Exercițiu nou");
    await page.getByLabel(/^Nume scurt/).fill("Ridicarea Piciorului");
    await group(/^Nume/)
      .getByLabel(/^În română/)
      .fill("Ridicarea piciorului");
    await press("Salvează");
    await page.locator('[data-place="$.description"] > .problem').waitFor();
    await group(/^Descriere/)
      .getByLabel(/^În română/)
      .fill("Pentru forța coapsei.");
    await press("Salvează");
    await page.locator("[aria-invalid=true]").waitFor();
    expect(await page.getByLabel(/^Nume scurt/).getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel(/^Nume scurt/).fill("genuflexiune");
    await press("Salvează");
    await page.locator(".field.wrong").getByText("Există deja un exercițiu").waitFor();
    await page.getByLabel(/^Nume scurt/).fill("ridicarea-piciorului");
    await press("Salvează");
    await page.getByText("Salvat.", { exact: true }).waitFor();
    expect(await exercise("ridicarea-piciorului")).toMatchObject({
      status: "draft",
      kind: "reps_based",
      translations: { ro: { name: "Ridicarea piciorului", description: "Pentru forța coapsei." } },
    });
  });

  test("EXL-06: publishing is refused with each reason at its place", async () => {
    await press("Publică");
    await page.getByText("Ce lipsește este marcat la locul lui.").waitFor();
    await page.getByText("STATE exercise_incomplete").waitFor();
    const at = (place: string) => page.locator(`[data-place="${place}"] > .problem`);
    await at("$.name").getByText("Numele în română și în engleză.").waitFor();
    await at("$.instructions").getByText("Cel puțin o instrucțiune.").waitFor();
    await at("$.contraindications").getByText("Cel puțin o contraindicație sau atenționare.").waitFor();
    await page
      .locator("section[aria-labelledby=videos] > .problem")
      .getByText("Un videoclip pentru catalog.")
      .waitFor();
    expect(await page.evaluate("document.activeElement.closest('[data-place]').dataset.place")).toBe(
      "$.name.ro",
    );
    await lookAt(page, "exercise-incomplete");
  });

  test("EXL-02: instructions, contraindications, what it is ordered by and what the camera follows are written; one that says nothing is marked", async () => {
    await group(/^Nume/)
      .getByLabel(/^În engleză/)
      .fill("Straight leg raise");
    await group(/^Descriere/)
      .getByLabel(/^În engleză/)
      .fill("For the strength of the thigh.");
    await group(/^Regiuni ale corpului/)
      .getByLabel("Genunchi")
      .check();
    await press("Adaugă: Ce urmărește camera");
    const camera = group(/^Ce urmărește camera/);
    await camera.getByLabel("Genunchi").check();
    await camera.getByLabel("Articulația măsurată").selectOption({ label: "Genunchi" });
    await camera.getByLabel("De unde se privește").selectOption({ label: "Din lateral" });
    await camera.getByLabel(/De la câte grade/).fill("20");
    const lines = {
      Instrucțiuni: ["Ce spune", "Ce se face"],
      Contraindicații: ["Cât de gravă este", "Absolută: nu se face"],
    };
    for (const [name, [word, chosen]] of Object.entries(lines)) {
      const list = group(new RegExp(`^${name}`));
      await list.getByRole("button", { name: "Adaugă încă una" }).last().press("Enter");
      await list.getByLabel(word as string).selectOption({ label: chosen as string });
    }
    await group(/^Instrucțiuni/)
      .getByLabel(/^În română/)
      .fill("Ridicați piciorul întins.");
    await group(/^Instrucțiuni/)
      .getByLabel(/^În engleză/)
      .fill("Raise the straight leg.");
    await press("Salvează");
    await page.locator('[data-place="$.contraindications[0].text"] > .problem').waitFor();
    await group(/^Contraindicații/)
      .getByLabel(/^În română/)
      .fill("Tromboză recentă.");
    await group(/^Contraindicații/)
      .getByLabel(/^În engleză/)
      .fill("A recent thrombosis.");
    await press("Salvează");
    await page.getByText("Salvat.", { exact: true }).waitFor();
    expect(await exercise("ridicarea-piciorului")).toMatchObject({
      tracking: { joints: ["knee"], primary: "knee", view: "side", minRange: 20 },
      missing: ["review_of_contraindications", "catalog_render"],
    });
    await page.getByText("neverificată").waitFor();
    await press("Contraindicațiile sunt corecte");
    await page.getByText("Contraindicațiile sunt verificate.").waitFor();
    await page.getByText(/verificată pe/).waitFor();
  });

  test("EXL-03, EXL-05: a video is asked for, its progress is seen, and it is played from where the API says", async () => {
    await press("Cere un videoclip");
    const videos = page.locator("section[aria-labelledby=videos]");
    await videos.getByText("Așteaptă").waitFor();
    const [{ id }] = await sql(
      "select catalog_render_id as id from app_public.exercises where slug = 'ridicarea-piciorului'",
    );
    await sql("select app_private.claim_render($1)", [id]);
    await sql("select app_private.record_render_progress($1, 1, 40)", [id]);
    await videos.getByRole("progressbar", { name: "40 %" }).waitFor();
    await lookAt(page, "exercise-video");
    await sql("select app_private.record_render($1, 1, 'local', $2, $2, 1)", [id, videoKey]);
    await videos.getByText("Gata").waitFor();
    await press("Redă");
    const video = page.locator("video");
    await expect
      .poll(() => video.evaluate((one) => (one as unknown as { videoWidth: number }).videoWidth))
      .toBe(64);
    await press("Publică");
    await page.getByText("Publicat.", { exact: true }).waitFor();
    expect((await exercise("ridicarea-piciorului")).status).toBe("published");
  });

  test("EXL-05: a video that nobody may see, or that is not there, is not played", async () => {
    const query = "query ($render: UUID!) { exerciseVideo(renderId: $render) { url } }";
    const [{ id: render }] = await sql(
      "select catalog_render_id as id from app_public.exercises where slug = 'ridicarea-piciorului'",
    );
    const asked = async (who: string | null, id: string) =>
      refusalOf(
        await clinic().api.graphql(query, {
          variables: { render: id },
          ...(who && { token: clinic().token(who) }),
        }),
      );
    expect(await asked("vlad", render)).toMatchObject({
      code: "NOT_FOUND",
      reason: "exercise_video_not_found",
    });
    expect(await asked(null, render)).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(await asked("root", await clinic().id("atlas"))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("EXL-03: new material lets the videos be made again", async () => {
    await press("Materialul este nou");
    await page.getByText("Materialul este acum 2").waitFor();
    expect((await exercise("ridicarea-piciorului")).asset_version).toBe(2);
  });

  test("EXL-06: archiving says in how many plans of patients the exercise is, and goes on where somebody wants that", async () => {
    await sql(`
      begin;
      select set_config('tests.clinic', 'atlas', true);
      select tests.remember('squat', id) from app_public.exercises where slug = 'ridicarea-piciorului';
      select tests.treatment_plan('picior'), tests.assigned('ioana', 'picior'), tests.assigned('vlad', 'picior');
      select tests.remember('squat', id) from app_public.exercises where slug = 'genuflexiune';
      commit`);
    await press("Arhivează");
    await page.getByText("2 pacienți au exercițiul în planuri în curs și îl păstrează.").waitFor();
    expect((await exercise("ridicarea-piciorului")).status).toBe("published");
    await press("Nu arhiva");
    await press("Arhivează");
    await press("Arhivează totuși");
    await page.getByText("Arhivat.", { exact: true }).waitFor();
    expect((await exercise("ridicarea-piciorului")).status).toBe("archived");
  });

  test("EXL-03: the video of an exercise that is held is imported, and says where it has to lie", async () => {
    await press("Înapoi la exerciții");
    await button(/scandura/).press("Enter");
    await page.getByLabel(/^Unde se află/).fill("altundeva/ro.mp4");
    await press("Importă videoclipul");
    await page.locator(".field.wrong").getByText("exercises/scandura/").waitFor();
    await page.getByLabel(/^Unde se află/).fill("exercises/scandura/2/ro.mp4");
    await press("Importă videoclipul");
    await page.getByRole("progressbar").waitFor();
  });

  test("FND-29: in English too, and what was written but not saved is there after a reload", async () => {
    await page.getByLabel(/^Dificultate/).selectOption({ label: "4" });
    await page.reload();
    await button("English").press("Enter");
    await button(/scandura/).press("Enter");
    await page.getByText("What you wrote is not saved yet").waitFor();
    expect(await page.getByLabel(/^Difficulty/).inputValue()).toBe("4");
    await lookAt(page, "exercise");
    await press("Discard what was written");
    expect(await page.getByLabel(/^Difficulty/).inputValue()).toBe("2");
  });
}
