import type { LockArea } from "../lock_case.ts";

const draft = `(select v.id from app_public.platform_tier_versions v where v.published_at is null order by v.id limit 1)`;

/** What clinics use and what limits it: one after the other counts. FND-20, FND-24. */
export const metering: LockArea = {
  furniture: "select tests.person('superadmin of tiers', superadmin => true)",
  cases: [
    {
      lock: "app_private.usage_watermark: for update",
      as: "the engine",
      rows: "app_private.usage_positions where organization_id = tests.id('atlas')",
      call: "select app_private.usage_watermark(tests.id('atlas'))",
    },
    {
      lock: "app_private.draft_version: for update",
      as: "superadmin of tiers",
      rows: `app_public.platform_tier_versions where id = ${draft}`,
      call: `select app_public.publish_platform_tier_version(${draft})`,
    },
    {
      lock: "app_public.draft_platform_tier_version: for update",
      as: "superadmin of tiers",
      rows: "app_public.platform_tiers where slug = 'start'",
      call: "select app_public.draft_platform_tier_version((select id from app_public.platform_tiers where slug = 'start'))",
    },
    {
      lock: "app_public.enter_ai_price: pg_advisory_xact_lock",
      as: "superadmin of tiers",
      key: "'ai_model_prices'",
      call: "select app_public.enter_ai_price('dear-model', 'input_tokens', 'RON', 1, '2020-01-01')",
    },
    {
      lock: "app_private.record_ai_call: pg_advisory_xact_lock_shared",
      as: "the engine",
      key: "'ai_model_prices'",
      call: `select app_private.record_ai_call(tests.id('atlas'), 'waits', 'dear-model', '{"input_tokens": 1}', now() - interval '1 hour')`,
    },
  ],
};
