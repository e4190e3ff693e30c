import type { LockArea } from "../lock_case.ts";

const key = "'segments:' || tests.id('atlas')";
const make = "select app_public.create_segment(tests.id('atlas'), 'Locked', '{\"all\": []}')";
const list = "tests.id('list of atlas')";
const takeOut = `select app_public.remove_from_segment(${list}, tests.id('ana at atlas'))`;

const puts = `jsonb_build_array(jsonb_build_object('action', 'update_segment', 'config', jsonb_build_object('segmentId', ${list})))`;
const naming = "tests.id('lock naming')";

/** Segments: one writes or refreshes them at a time; a list waits for who is being removed. SEG-01, SEG-03. */
export const segmentLocks: LockArea = {
  furniture: `
    update app_private.segment_rechecks set at = app_hidden.now() - interval '1 minute' where organization_id = tests.id('atlas');
    select tests.automation('lock naming', 'patient.booking_blocked', ${puts}, clinic => 'atlas')`,
  cases: [
    { lock: "app_private.lock_segments: pg_advisory_xact_lock", as: "adrian", key, call: make },
    { lock: "app_public.create_segment: app_private.lock_segments", as: "adrian", key, call: make },
    {
      lock: "app_public.edit_segment: app_private.lock_segments",
      as: "adrian",
      key,
      call: `select app_public.edit_segment(${list}, 'Another')`,
    },
    {
      lock: "app_public.remove_segment: app_private.lock_segments",
      as: "adrian",
      key,
      call: `select app_public.remove_segment(${list})`,
    },
    {
      lock: "app_private.refresh_segments: app_private.lock_segments",
      as: "the worker",
      key,
      call: "select app_private.refresh_segments(tests.id('atlas'))",
    },
    {
      lock: "app_private.rebuild_segment: app_private.lock_segments",
      as: "the worker",
      key,
      call: `select app_private.rebuild_segment(tests.id('atlas'), ${list})`,
    },
    {
      lock: "app_private.lock_named_segments: app_private.lock_segments",
      as: "adrian",
      key,
      call: `select app_public.enable_automation(${naming})`,
    },
    {
      lock: "app_public.enable_automation: app_private.lock_named_segments",
      as: "adrian",
      key,
      call: `select app_public.enable_automation(${naming})`,
    },
    {
      lock: "app_public.edit_automation: app_private.lock_named_segments",
      as: "adrian",
      key,
      call: `select app_public.edit_automation(${naming}, 'Named', ${puts})`,
    },
    {
      lock: "app_private.add_automation: app_private.lock_named_segments",
      as: "adrian",
      key,
      call: `select app_public.create_automation(tests.id('atlas'), 'Naming', 'patient.onboarded', ${puts})`,
    },
    {
      lock: "app_private.put_in_segment: for share",
      as: "adrian",
      rows: `app_public.segments where id = ${list}`,
      call: takeOut,
    },
    {
      lock: "app_private.put_in_segment: for share (2)",
      as: "adrian",
      rows: "app_public.patients where id = tests.id('ana at atlas')",
      call: takeOut,
    },
    {
      lock: "app_private.due_segments: for update skip locked",
      as: "the worker",
      rows: "app_private.segment_rechecks where organization_id = tests.id('atlas') and patient_id = tests.id('ana at atlas')",
      leaves: "app_private.segment_rechecks where at <= app_hidden.now()",
      call: "select app_private.due_segments()",
    },
  ],
};
