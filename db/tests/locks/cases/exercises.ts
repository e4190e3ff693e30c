import type { LockArea } from "../lock_case.ts";

const squat = "app_public.exercises where id = tests.id('squat')";
const video = "app_public.exercise_renders where id = tests.id('squat video')";

/** The library of exercises: new material waits for whoever asks for a video, and of two who make one the second finds it. EXL-03. */
export const exercises: LockArea = {
  furniture: `
    select tests.remember('squat video', catalog_render_id) from ${squat}`,
  cases: [
    {
      lock: "app_private.exercise_to_write: for no key update",
      as: "root",
      rows: squat,
      call: "select app_public.reopen_exercise(tests.id('squat'))",
    },
    {
      lock: "app_private.request_render: for share",
      as: "the engine",
      rows: squat,
      call: `select app_private.request_render(tests.id('squat'), '{"sets": 2, "reps": 5, "restSeconds": 0}', 'ro')`,
    },
    {
      lock: "app_private.queue_render: for no key update",
      as: "the engine",
      before: "update app_public.exercises set asset_version = 2 where id = tests.id('squat')",
      rows: video,
      call: `select app_private.queue_render(exercises, known.recipe_hash, 'ro', known.recipe, null, false)
        from app_public.exercises join app_public.exercise_renders as known on known.id = exercises.catalog_render_id
        where exercises.id = tests.id('squat')`,
    },
    {
      lock: "app_private.claim_render: for no key update",
      as: "the database",
      rows: video,
      call: "select app_private.claim_render(tests.id('squat video'))",
    },
    {
      lock: "app_private.record_render: for no key update",
      as: "the database",
      rows: video,
      call: "select app_private.record_render(tests.id('squat video'), 1, 'local', 'v', 'k', 5)",
    },
  ],
};
