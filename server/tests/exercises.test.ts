import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, type Json, refusalOf, startTestApi, type TestApi, wideRates } from "./support.ts";

let api: TestApi;
let atlas: string;
let ana: string;

beforeAll(async () => {
  api = await startTestApi({
    because: "videos are asked for by many at once, and access ends between two requests",
    config: { poolSize: 6, rates: wideRates },
    before: `
      select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.patient('ana');
      select tests.person('root', superadmin => true);
      select tests.published_exercise('squat');
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p
      on conflict do nothing`,
  });
  [{ atlas, ana }] = await api.sql("select tests.id('atlas') as atlas, tests.id('ana at atlas') as ana");
});
afterAll(() => api.close());

const tokenOf = (who: string) => api.token({ subject: `dev_${who}`, email: `${who}@people.test`, name: who });
const headersOf = (who: string | null) => (who ? { authorization: `Bearer ${tokenOf(who)}` } : {});
const catalog = (who: string | null, query = "") =>
  api.fetch(`/v1/portal/exercises${query}`, { headers: headersOf(who) });
const render = (who: string | null, slug: string, body: Json) =>
  api.fetch(`/v1/admin/exercises/${slug}/renders`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headersOf(who) },
    body: JSON.stringify(body),
  });
const mutate = (who: string, field: string, input: object): Promise<Answer> =>
  api.graphql(
    `mutation ($input: ${field[0]?.toUpperCase()}${field.slice(1)}Input!) {
       ${field}(input: $input) { exercise { id slug status missing difficulty assetVersion } } }`,
    { token: tokenOf(who), variables: { input } },
  );
const open = (isOpen: boolean) =>
  api.sql("update app_public.organizations set library_access_is_free = $2 where id = $1", [atlas, isOpen]);

describe("GET /v1/portal/exercises (EXL-04, FND-31, CAT-08)", () => {
  it("refuses whoever is not signed in, is nobody's patient, or has no access", async () => {
    expect(refusalOf(await catalog(null))).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(refusalOf(await catalog("olga"))).toMatchObject({ code: "NOT_FOUND", reason: "not_found" });
    const closed = await catalog("ana");
    expect(closed.status).toBe(403);
    expect(refusalOf(closed)).toMatchObject({ code: "FORBIDDEN", reason: "library_closed" });
  });

  it("lists what is published, each with its contraindications and its video, and is closed at the next request", async () => {
    await open(true);
    const answer = await catalog("ana", `?patientId=${ana}&terms=knee`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body.exercises).toEqual([
      expect.objectContaining({
        slug: "squat",
        kind: "reps_based",
        language: "ro",
        name: "Exercițiul squat",
        description: "Despre squat",
        terms: [{ kind: "body_region", slug: "knee", name: "Genunchi" }],
        instructions: [{ kind: "setup", text: "Stați drept." }],
        contraindications: [expect.objectContaining({ severity: "absolute", text: "Fractură recentă." })],
        videoProvider: "local",
        videoId: "video of squat",
        videoDurationS: 30,
      }),
    ]);
    expect((await catalog("ana", "?terms=shoulder")).body).toEqual({ exercises: [] });
    await open(false);
    expect(refusalOf(await catalog("ana"))).toMatchObject({ reason: "library_closed" });
  });

  it.each(["?patientId=ana", "?terms=Knee", "?language=en"])("refuses %s", async (query) => {
    expect(refusalOf(await catalog("ana", query))).toMatchObject({ code: "VALIDATION" });
  });

  it("says the same in GraphQL", async () => {
    await open(true);
    const { body } = await api.graphql(
      "{ exerciseCatalog { nodes { slug kind name contraindications { severity text } instructions { kind } } } }",
      { token: tokenOf("ana") },
    );
    await open(false);
    expect(body.data.exerciseCatalog.nodes).toEqual([
      {
        slug: "squat",
        kind: "REPS_BASED",
        name: "Exercițiul squat",
        contraindications: [{ severity: "ABSOLUTE", text: "Fractură recentă." }],
        instructions: [{ kind: "SETUP" }],
      },
    ]);
  });
});

describe("POST /v1/admin/exercises/{slug}/renders (EXL-03, FND-31)", () => {
  const recipe = { sets: 3, reps: 12, restSeconds: 30 };

  it("makes one video and one job of many requests at once, in whatever words", async () => {
    const words = [recipe, { restSeconds: 30, reps: 12, sets: 3, tempo: null }, { ...recipe, side: null }];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => render("root", "squat", { language: "en", recipe: words[i % 3] })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ slug: "squat", status: "queued", progress: 0, assetVersion: 1 });
    const [counted] = await api.sql(
      `select (select count(*)::int from app_public.exercise_renders where id = $1) as rows,
              (select count(*)::int from graphile_worker._private_jobs where key = 'render_exercise:' || $1::text) as jobs`,
      [answers[0]?.body.id],
    );
    expect(counted).toEqual({ rows: 1, jobs: 1 });
  });

  it("answers with what is there at once", async () => {
    const { body } = await render("root", "squat", { language: "en", recipe });
    await api.sql("select app_private.claim_render($1)", [body.id]);
    await api.sql("select app_private.record_render($1, 1, 'local', 'v7', 'exercise-renders/v7.mp4', 95)", [
      body.id,
    ]);
    const answer = await render("root", "squat", { language: "en", recipe });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: body.id, status: "ready", videoId: "v7", durationS: 95 });
  });

  it.each([
    ["a visitor", null, "squat", "UNAUTHENTICATED", "not_signed_in"],
    ["a patient", "ana", "squat", "FORBIDDEN", "superadmin_only"],
    ["the owner of a clinic", "olga", "squat", "FORBIDDEN", "superadmin_only"],
    ["the owner of a clinic, of what is not there", "olga", "nothing", "FORBIDDEN", "superadmin_only"],
    ["a superadmin, of what is not there", "root", "nothing", "NOT_FOUND", "not_found"],
  ])("refuses %s", async (_, who, slug, code, reason) => {
    expect(refusalOf(await render(who, slug, { language: "ro", recipe }))).toMatchObject({ code, reason });
  });

  it.each([
    ["no language", { recipe }, "required"],
    ["a language that is not ours", { language: "fr", recipe }, "field_invalid"],
    [
      "a part that no prescription has",
      { language: "ro", recipe: { ...recipe, weight: 5 } },
      "field_unknown",
    ],
    ["repetitions and seconds", { language: "ro", recipe: { ...recipe, seconds: 5 } }, "recipe_malformed"],
    ["too much", { language: "ro", recipe: { ...recipe, sets: 2_000_000_000 } }, "recipe_malformed"],
  ])("refuses %s", async (_, body, reason) => {
    const answer = await render("root", "squat", body);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason });
  });
});

describe("the life of an exercise (EXL-06)", () => {
  it("is written, completed, published, given new material and archived by a superadmin, and by nobody at a clinic", async () => {
    const translations = {
      ro: { name: "Podul", description: "Pe spate." },
      en: { name: "Bridge", description: "On the back." },
    };
    const input = { slug: "bridge", kind: "REPS_BASED", difficulty: 2, translations, terms: ["hip"] };
    expect(refusalOf(await mutate("olga", "createExercise", input))).toMatchObject({
      code: "FORBIDDEN",
      reason: "superadmin_only",
    });
    const { exercise } = (await mutate("root", "createExercise", input)).body.data.createExercise;
    expect(exercise).toMatchObject({ slug: "bridge", status: "DRAFT", assetVersion: 1 });
    const exerciseId = exercise.id;
    const early = await mutate("root", "publishExercise", { exerciseId });
    expect(refusalOf(early)).toMatchObject({
      code: "STATE",
      reason: "exercise_incomplete",
      details: { missing: ["instructions", "contraindications", "catalog_render"] },
    });

    await mutate("root", "setExerciseInstructions", {
      exerciseId,
      instructions: [{ kind: "setup", text: { ro: "Culcat.", en: "Lie down." } }],
    });
    await mutate("root", "setExerciseContraindications", {
      exerciseId,
      contraindications: [{ severity: "absolute", text: { ro: "Fractură.", en: "A fracture." } }],
    });
    await mutate("root", "reviewContraindications", { exerciseId });
    const { body: video } = await render("root", "bridge", { language: "ro" });
    await api.sql("select app_private.claim_render($1)", [video.id]);
    await api.sql("select app_private.record_render($1, 1, 'local', 'v8', 'exercise-renders/v8.mp4', 9)", [
      video.id,
    ]);
    const published = await mutate("root", "publishExercise", { exerciseId });
    expect(published.body.data.publishExercise.exercise).toMatchObject({ status: "PUBLISHED", missing: [] });

    const bumped = await mutate("root", "bumpExerciseAssetVersion", { exerciseId });
    expect(bumped.body.data.bumpExerciseAssetVersion.exercise.assetVersion).toBe(2);
    expect((await render("root", "bridge", { language: "ro" })).body).toMatchObject({
      id: video.id,
      status: "queued",
      videoId: "v8",
      assetVersion: 2,
    });
    const archived = await mutate("root", "archiveExercise", { exerciseId, althoughInUse: false });
    expect(archived.body.data.archiveExercise.exercise.status).toBe("ARCHIVED");

    const [trail] = await api.sql(
      `select count(*)::int as entries, bool_and(actor_id = tests.id('root')) as by_root from audit.entries
       where table_name = 'app_public.exercises' and row_key = $1`,
      [exerciseId],
    );
    expect(trail).toEqual({ entries: 5, by_root: true });
  });
});
