import type { LockArea } from "../lock_case.ts";

const clinics = "'automations:' || tests.id('atlas')";
const execution =
  "app_public.automation_executions where automation_rule_id = tests.id('lock automation') and action_index = 0";
const waiting =
  "app_public.automation_executions where automation_rule_id = tests.id('lock automation') and outcome = 'waiting'";
const block = (event: string, subject = "uuidv7()") =>
  `app_private.publish('${event}', tests.id('atlas'), ${subject}, jsonb_build_object(
     'bookingBlockId', ${subject}, 'patientId', tests.id('ana at atlas')))`;
/** An action about Ana, which began with the lock event. */
const step = (config: string) =>
  `jsonb_populate_record(null::app_private.action_step, jsonb_build_object(
     'organization_id', tests.id('atlas'), 'event_id', tests.id('lock event'), 'patient_id', tests.id('ana at atlas'),
     'patient_profile_id', tests.id('ana'), 'config', '${config}'::jsonb))`;
const consume = (event: string) => `select app_private.consume_automations(tests.id('${event}'))`;

/** Automations of a clinic, and their actions that wait. AUT-01, AUT-03. */
export const automations: LockArea = {
  furniture: `
    select tests.automation('lock automation', 'patient.booking_blocked', '[
      {"action": "require_consent", "config": {"purpose": "org_terms"}, "after": {"days": 1}},
      {"action": "require_consent", "config": {"purpose": "org_terms"}, "after": {"days": 1}}]', clinic => 'atlas');
    select tests.remember('lock block', uuidv7());
    select tests.remember('lock event', ${block("patient.booking_blocked", "tests.id('lock block')")});
    select tests.remember('lock event two', ${block("patient.booking_blocked")});
    select tests.remember('lock event three', ${block("patient.booking_blocked")});
    select app_private.consume_automations(tests.id('lock event'))`,
  cases: [
    {
      lock: "app_private.lock_automations: pg_advisory_xact_lock",
      as: "adrian",
      key: clinics,
      call: "select app_public.disable_automation(tests.id('lock automation'))",
    },
    {
      lock: "app_private.own_automation: app_private.lock_automations",
      as: "adrian",
      key: clinics,
      call: "select app_public.enable_automation(tests.id('lock automation'))",
    },
    {
      lock: "app_public.reorder_automations: app_private.lock_automations",
      as: "adrian",
      key: clinics,
      call: "select app_public.reorder_automations(tests.id('atlas'), array[tests.id('lock automation')])",
    },
    {
      lock: "app_private.add_automation: app_private.lock_automations",
      as: "adrian",
      key: clinics,
      call: `select app_public.create_automation(tests.id('atlas'), 'Another', 'patient.onboarded',
        '[{"action": "require_consent", "config": {"purpose": "org_terms"}}]')`,
    },
    {
      lock: "app_private.tg_automation_rules__keep_interests: app_private.lock_automations",
      as: "the engine",
      key: clinics,
      call: "update app_public.automation_rules set is_enabled = false where id = tests.id('lock automation')",
    },
    {
      lock: "app_private.why_not: pg_advisory_xact_lock",
      as: "the worker",
      key: "'automation:' || tests.id('lock automation') || tests.id('ana')",
      call: consume("lock event two"),
      limit: { of: "app_private.why_not: cap", another: consume("lock event three") },
    },
    {
      lock: "app_private.run_due_automation: for update skip locked",
      as: "the worker",
      before: "select tests.freeze_time(app_hidden.now() + interval '2 days')",
      rows: execution,
      leaves: waiting,
      call: "select app_private.run_due_automation() from generate_series(1, 5)",
    },
    {
      lock: "app_private.tg_events__cancel_automations: for update of waiting skip locked",
      as: "the engine",
      rows: execution,
      leaves: waiting,
      call: `select ${block("patient.booking_block_lifted", "tests.id('lock block')")}`,
    },
    {
      lock: "app_private.tg_patients__cancel_automations: for update of waiting skip locked",
      as: "the engine",
      rows: execution,
      leaves: waiting,
      call: "update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('ana at atlas')",
    },
    {
      lock: "app_public.remove_automation: for update of waiting skip locked",
      as: "adrian",
      rows: execution,
      leaves: waiting,
      call: "select app_public.remove_automation(tests.id('lock automation'))",
    },
    {
      lock: "app_private.patient_of_step: for no key update",
      as: "the engine",
      rows: "app_public.patients where id = tests.id('ana at atlas')",
      call: `select app_private.act_require_consent(${step('{"purpose": "org_terms"}')})`,
    },
    {
      lock: "app_private.book_first_free: app_private.lock_to_book",
      as: "the engine",
      rows: "app_public.calendars where id = tests.id('busy')",
      call: `select app_private.book_first_free(${step('{"afterDays": 1}')}, calendars, null)
        from app_public.calendars where id = tests.id('busy')`,
    },
    {
      lock: "app_public.lift_patient_requirement: for no key update",
      as: "adrian",
      rows: `app_public.patient_requirements where patient_profile_id = tests.id('ana') and organization_id = tests.id('atlas')`,
      call: `select app_public.lift_patient_requirement(id, 'Signed on paper') from app_public.patient_requirements
        where patient_profile_id = tests.id('ana') and organization_id = tests.id('atlas')`,
    },
  ],
};
