import type { LockArea } from "../lock_case.ts";
import { tellCarmen } from "./messages.ts";

const draft = `(select v.id from app_public.platform_tier_versions v where v.published_at is null order by v.id limit 1)`;

const textCarmen = `${tellCarmen};
  update app_public.messages set is_urgent = true where channel = 'sms' and patient_profile_id = tests.id('carmen')`;

/** What clinics use and what limits it: one after the other counts. FND-20, FND-24. */
export const metering: LockArea = {
  furniture: "select tests.person('superadmin of tiers', superadmin => true)",
  cases: [
    {
      lock: "app_private.usage_watermark: for update",
      as: "the engine",
      before: `
        set local session_replication_role = replica;
        delete from app_public.organization_service_providers where organization_id = tests.id('atlas') and capability = 'sms';
        insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
        values (app_private.tier_version_at(tests.id('atlas'), app_hidden.now()), 'sms_messages', 'hard', 1)
        on conflict (tier_version_id, meter) do update set enforcement = excluded.enforcement, included = excluded.included;
        set local session_replication_role = origin;
        ${textCarmen};
        select tests.remember('text within the tier', (array_agg(id))[1])
        from app_public.messages where channel = 'sms' and patient_profile_id = tests.id('carmen')`,
      rows: "app_private.usage_positions where organization_id = tests.id('atlas')",
      call: "select app_private.usage_watermark(tests.id('atlas'))",
      limit: {
        of: "app_private.claim_message: tier_limit_reached",
        another: "select app_private.claim_message(tests.id('text within the tier'))",
      },
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
