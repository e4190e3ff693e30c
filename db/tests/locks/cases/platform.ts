import type { LockArea } from "../lock_case.ts";

const inTwoDays = "select tests.freeze_time(app_hidden.now() + interval '2 days')";
const offerTwilio = "select app_public.set_platform_provider('sms', 'twilio', true, true, true)";
const chooseTwilio =
  "select app_public.choose_provider(tests.id('atlas'), 'sms', 'twilio', tests.id('messages of atlas'))";
const twilioForTexts =
  "app_public.platform_service_providers where capability = 'sms' and provider = 'twilio'";
const integration = "app_public.organization_integrations where id = tests.id('messages of atlas')";
const openFirstClinic =
  "select app_private.open_first_clinic('root@people.test', 'Root', 'dorna', 'Dorna', 'doina@people.test', 'Doina')";

/** What the platform and its processes do: events, jobs, keys, vendors, the audit's chains. FND-09 to FND-11, FND-14, FND-22 to FND-28. */
export const platform: LockArea = {
  furniture: `
    select tests.remember('webhook', id) from app_private.webhook_receipts;
    select graphile_worker.add_job('deliver_email', '{}', job_key => 'dead');
    update graphile_worker._private_jobs set attempts = max_attempts where key = 'dead';
    insert into app_private.spent_allowances (key_digest, spent_until) values (decode(md5('more'), 'hex'), now());
    insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
    values (tests.id('cetus'), 1, extensions.gen_random_bytes(96), 'test master key');
    update app_private.data_keys set status = 'retiring' where organization_id = tests.id('cetus')`,
  cases: [
    {
      lock: "app_private.claim_event_delivery: for update of event_deliveries",
      as: "the worker",
      rows: "app_private.event_deliveries where subject_id = tests.id('request at atlas')",
      call: "select app_private.claim_event_delivery('notifications', tests.id('request at atlas'))",
    },
    {
      lock: "app_private.claim_effect: pg_try_advisory_lock",
      as: "the worker",
      key: "'effect:mail:9'",
      answers: "busy",
      call: "select app_private.claim_effect('mail:9', 'w')",
    },
    {
      lock: "app_hidden.claim_webhook: for update",
      as: "the worker",
      rows: "app_private.webhook_receipts where event_id = 'msg_fixture'",
      call: "select app_hidden.claim_webhook(tests.id('webhook'))",
    },
    {
      lock: "app_public.replay_webhook: for update",
      as: "root",
      rows: "app_private.webhook_receipts where event_id = 'msg_fixture'",
      call: "select app_public.replay_webhook('clerk', 'msg_fixture')",
    },
    {
      lock: "app_private.locked_dead_letter: for update of jobs",
      as: "root",
      rows: "graphile_worker._private_jobs where key = 'dead'",
      call: "select app_public.replay_dead_letter((select job_id from app_public.dead_letters() where key = 'dead'))",
    },
    {
      lock: "app_private.locked_integration: for update",
      as: "olga",
      rows: integration,
      call: "select app_public.disable_integration(tests.id('messages of atlas'))",
    },
    {
      lock: "app_public.set_platform_provider: pg_advisory_xact_lock",
      as: "root",
      key: "'platform_service_providers:sms'",
      call: offerTwilio,
    },
    {
      lock: "app_public.set_platform_provider: for update",
      as: "root",
      rows: twilioForTexts,
      call: offerTwilio,
    },
    { lock: "app_public.choose_provider: for share", as: "olga", rows: twilioForTexts, call: chooseTwilio },
    { lock: "app_public.choose_provider: for share (2)", as: "olga", rows: integration, call: chooseTwilio },
    {
      lock: "app_private.tg_ciphertext__key_in_use: for share",
      as: "the engine",
      rows: "app_private.data_keys where organization_id = tests.id('atlas')",
      call: "update app_public.organization_integrations set credentials = tests.envelope() where id = tests.id('messages of atlas')",
    },
    {
      lock: "app_private.retire_data_keys: for update",
      as: "the worker",
      rows: "app_private.data_keys where organization_id = tests.id('cetus')",
      call: "select app_private.retire_data_keys('0')",
    },
    {
      lock: "app_hidden.record_readings: pg_advisory_xact_lock",
      as: "the database",
      key: "concat_ws(' ', 'reading', tests.id('flavia'), tests.id('ana'), tests.id('atlas'))",
      call: "select tests.serve('flavia'); select app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'Patient')",
    },
    {
      lock: "audit.open_month: pg_advisory_xact_lock",
      as: "the engine",
      key: "'audit: open_month'",
      call: "select audit.open_month(now() + interval '10 years')",
    },
    {
      lock: "audit.prepare_anchor: pg_advisory_xact_lock",
      as: "the worker",
      key: "'audit: anchor'",
      call: "select audit.prepare_anchor()",
    },
    {
      lock: "app_private.open_first_clinic: pg_advisory_xact_lock",
      as: "the engine",
      key: "'open_first_clinic'",
      call: openFirstClinic,
    },
    {
      lock: "app_private.open_first_clinic: for update",
      as: "the engine",
      rows: "app_public.principals where id = tests.id('root')",
      call: openFirstClinic,
    },
    {
      lock: "app_public.restore_deleted_row: for share",
      as: "olga",
      rows: "app_public.services where id = tests.id('service of retired calendar')",
      call: "select app_public.restore_deleted_row('calendars', tests.id('retired calendar'))",
    },
    {
      lock: "app_private.forget_spent_allowances: for update skip locked",
      as: "the worker",
      rows: "app_private.spent_allowances where key_digest = decode(md5('more'), 'hex')",
      leaves: "app_private.spent_allowances",
      call: "select app_private.forget_spent_allowances()",
    },
    {
      lock: "app_private.act_on_retention: for update skip locked",
      as: "the worker",
      before: inTwoDays,
      rows: "app_private.remembered_mutations where request_digest = sha256('atlas')",
      leaves: "app_private.remembered_mutations",
      call: "select app_private.act_on_retention('app_private.remembered_mutations', 'idempotency_keys')",
    },
  ],
};
