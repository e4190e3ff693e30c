/**
 * A clinic of this slug, its administrator pavel, that went over to a smaller plan ten days after it was billed for the
 * month, and left: the database remembers "subscription of <slug>", of which credit is left.
 */
export const leaves = (slug: string): string => `
  begin;
  select audit.open_month(now() - interval '10 days');
  select tests.freeze_time(now() - interval '10 days');
  select tests.clinic('${slug}'), tests.staff('pavel', 'admin');
  select tests.offered_tier('large', monthly => 31000, annual => 310000), tests.offered_tier('small', monthly => 3100, annual => 31000);
  select tests.billing_details('${slug}'), tests.clinic_subscribed('large', clinic => '${slug}');
  select tests.document_of(id, 5890) from app_public.invoices where organization_id = tests.id('${slug}');
  select tests.freeze_time(pg_catalog.now());
  select tests.act_as('pavel');
  select app_public.change_organization_tier(tests.id('${slug}'), tests.id('small'));
  select app_public.cancel_organization_subscription(tests.id('${slug}'), at_period_end => false);
  select tests.act_as('the database');
  update app_public.platform_tiers set is_offered = false where slug in ('large', 'small');
  create or replace function app_hidden.now() returns timestamptz language sql stable parallel safe return pg_catalog.now();
  commit`;
