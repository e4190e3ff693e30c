-- What a clinic has without asking: whoever becomes its patient is asked for the consents that it requires and is welcomed by a
-- mail in their language, once. AUT-05.
-- What it asks keeps nobody from being booked: what every booking needs, the gate asks of everybody, and a guest or somebody whom the
-- front desk registers is booked as before. docs/decisions/0150.
-- Its words are the clinic's from then on, to be changed as those of any automation.

create or replace function app_private.give_onboarding_automation(organization_id uuid, is_enabled boolean)
returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_actions jsonb;
  v_is_english boolean;
begin
  select coalesce(jsonb_agg(jsonb_build_object('action', 'require_consent', 'config', jsonb_build_object(
                                      'purpose', asked.code, 'isBlocking', false))
                            order by asked.code), '[]')
  into v_actions
  from app_public.consent_purposes as asked
  where asked.scope_id in (give_onboarding_automation.organization_id, '00000000-0000-0000-0000-000000000000')
    and asked.scope = 'organization'
    and (app_private.current_consent_version(give_onboarding_automation.organization_id, asked.code)).is_required;
  select organizations.locale = 'en' into strict v_is_english
  from app_public.organizations where organizations.id = give_onboarding_automation.organization_id;
  return app_private.add_automation(
    give_onboarding_automation.organization_id,
    case when v_is_english then 'Welcome new patients' else 'Bun venit pacienților noi' end,
    'patient.onboarded',
    v_actions || jsonb_build_object('action', 'send_email', 'config', jsonb_build_object('words', jsonb_build_object(
      'ro', jsonb_build_object(
        'title', 'Bun venit la {{clinicName}}',
        'body', E'Bună ziua, {{patientName}},\n\nsunteți acum pacient al clinicii {{clinicName}}. În contul dumneavoastră vedeți '
          'programările, formularele și documentele, și puteți face programări noi.\n\nVă așteptăm!'),
      'en', jsonb_build_object(
        'title', 'Welcome to {{clinicName}}',
        'body', E'Hello {{patientName}},\n\nyou are now a patient of {{clinicName}}. In your account you see your '
          'appointments, forms and documents, and you can book new appointments.\n\nWe look forward to seeing you!')))),
    '{"all": []}', give_onboarding_automation.is_enabled, 1, 1);
end;
$$;

comment on function app_private.give_onboarding_automation is
  'Gives a clinic the automation that welcomes its new patients: the consents that it requires asked, a mail, once a patient.';
grant execute on function app_private.give_onboarding_automation to app_engine;
