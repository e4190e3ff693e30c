/**
 * Clinics as they stand with the platform, by the functions of the domain and a moved clock:
 *
 * - cedru: its trial ended ten days ago, its plan is billed, and it has sent more messages than are included;
 * - echo: it has not paid what it was billed when its trial ended, and is suspended;
 * - delta: it has just signed up, and has neither billing details nor a plan.
 */
export const billedClinics = (issuer: string): string => `
  begin;
  select audit.open_month(now() - make_interval(months => back)) from generate_series(0, 4) as back;
  select tests.remember('start', id) from app_public.platform_tiers where slug = 'start';

  select tests.freeze_time(now() - interval '68 days');
  select tests.clinic('echo'), tests.staff('elena', 'admin');
  select tests.billing_details(), tests.clinic_subscribed('start');
  select * from tests.until(now() - interval '40 days');
  select tests.clinic('cedru'), tests.staff('carmen', 'admin'), tests.staff('felicia', 'front_desk');
  select tests.billing_details(), tests.clinic_subscribed('start');
  select * from tests.until(now());
  select tests.clinic('delta'), tests.staff('dumitru', 'admin');
  select tests.person('rada', superadmin => true);

  select app_private.record_usage(tests.id('cedru'), 'sms_messages', 'messages', 'message ' || part, 175, now() - interval '2 days')
  from generate_series(1, 2) as part;
  select tests.document_of(id, 5229) from app_public.invoices where organization_id = tests.id('echo') order by issued_at limit 1;

  create or replace function app_hidden.now() returns timestamptz language sql stable parallel safe return pg_catalog.now();
  update app_private.identities set issuer = '${issuer}';
  commit`;
