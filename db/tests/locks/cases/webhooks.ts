import type { LockArea } from "../lock_case.ts";

const crm = "tests.id('crm')";
const clinic = "app_private.webhook_clinics where organization_id = tests.id('atlas')";
const subscription = `app_public.webhook_subscriptions where id = ${crm}`;
const endpoint = `app_private.webhook_endpoints where subscription_id = ${crm}`;
const delivery = `app_public.webhook_events where subscription_id = ${crm}`;
const answered = (status: number) =>
  `select app_private.record_webhook_attempt(e.id, e.claim, ${status}, 'refused', '', 1, null) from app_public.webhook_events e where e.subscription_id = ${crm}`;
const recorded = (outcome: string) =>
  `select app_private.record_webhook_deliveries(jsonb_agg(jsonb_build_object('id', e.id, 'claim', e.claim, ${outcome})))
    from app_public.webhook_events e where e.claim is not null`;
const disable = `select app_public.disable_webhook_subscription(${crm})`;
const manager = "adrian";
const save = (name: string) =>
  `select app_hidden.save_webhook_subscription(uuidv7(), tests.id('atlas'), '${name}', 'https://example.com/', '{form.signed}', uuidv7(), '\\x00')`;

/** Subscriptions of webhooks, and who sends, records and replays. WHK-01, WHK-02. */
export const webhooks: LockArea = {
  furniture: `
    select tests.webhooks('crm', 'atlas', '{form.signed}');
    insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, claim)
    values (tests.id('atlas'), ${crm}, 'webhook.test', 1, '{}', uuidv7());
    select tests.webhooks('bi', 'atlas', '{form.signed}');
    insert into app_public.webhook_events (organization_id, subscription_id, event_name, sequence, body, claim)
    values (tests.id('atlas'), tests.id('bi'), 'webhook.test', 1, '{}', uuidv7())`,
  cases: [
    {
      lock: "app_private.lock_webhooks: for update",
      as: "the engine",
      rows: clinic,
      call: "select app_private.lock_webhooks(tests.id('atlas'))",
    },
    {
      lock: "app_private.locked_webhook_subscription: app_private.lock_webhooks",
      as: manager,
      rows: clinic,
      call: disable,
    },
    {
      lock: "app_private.locked_webhook_subscription: for update",
      as: manager,
      rows: subscription,
      call: disable,
      limit: {
        of: "app_hidden.rotate_webhook_secret: too_many_secrets",
        another: `select app_hidden.rotate_webhook_secret(${crm}, uuidv7(), '\\x00')`,
      },
    },
    {
      lock: "app_private.tg_webhook_subscriptions__interests: app_private.lock_webhooks",
      as: "the engine",
      rows: clinic,
      call: `update app_public.webhook_subscriptions set event_names = '{form.created}' where id = ${crm}`,
    },
    {
      lock: "app_hidden.save_webhook_subscription: app_private.lock_webhooks",
      as: manager,
      rows: clinic,
      call: save("one"),
      limit: { of: "app_hidden.save_webhook_subscription: too_many_subscriptions", another: save("another") },
    },
    {
      lock: "app_private.claim_webhook_events: for update skip locked",
      as: "the worker",
      rows: endpoint,
      leaves: "app_public.webhook_events where status = 'pending' and next_attempt_at <= now()",
      call: "select app_private.claim_webhook_events(64, 64)",
    },
    {
      lock: "app_private.record_webhook_attempt: app_private.lock_webhooks",
      as: "the engine",
      rows: clinic,
      call: answered(410),
    },
    {
      lock: "app_private.record_webhook_attempt: for update",
      as: "the engine",
      rows: subscription,
      call: answered(410),
    },
    {
      lock: "app_private.record_webhook_attempt: for update (2)",
      as: "the engine",
      rows: endpoint,
      call: answered(500),
    },
    {
      lock: "app_private.record_webhook_attempt: for update (3)",
      as: "the engine",
      rows: delivery,
      call: answered(500),
    },
    {
      lock: "app_private.record_webhook_deliveries: for update of endpoints skip locked",
      as: "the engine",
      rows: endpoint,
      leaves: "app_public.webhook_events where claim is not null",
      call: recorded("'status', 500, 'problem', 'refused'"),
    },
    {
      lock: "app_private.record_webhook_deliveries: for update of events skip locked",
      as: "the engine",
      rows: delivery,
      leaves: "app_public.webhook_events where claim is not null",
      call: recorded("'status', 204"),
    },
  ],
};
